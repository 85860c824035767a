/** One database a person, so that two who use one browser never see each other's rows. */
export function databaseName(person: string): string {
  return `person-${person}`
}
