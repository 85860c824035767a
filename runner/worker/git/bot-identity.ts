const NAME = 'mainloop'
const EMAIL = 'mainloop@users.noreply.invalid'

/** The environment that makes mainloop the author and committer. */
export const BOT_IDENTITY = {
  GIT_AUTHOR_NAME: NAME,
  GIT_AUTHOR_EMAIL: EMAIL,
  GIT_COMMITTER_NAME: NAME,
  GIT_COMMITTER_EMAIL: EMAIL,
}
