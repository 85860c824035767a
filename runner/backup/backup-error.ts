/** Why there is no backup, or nothing was restored; the message is for the person. */
export class BackupError extends Error {}
