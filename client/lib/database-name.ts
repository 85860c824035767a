/** Each person has a database, so that two people in one browser never see each other's rows. */
export function databaseName(person: string): string {
  return `person-${person}`
}
