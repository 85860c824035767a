/** The order of a cookie of this epoch is still a safe integer. An epoch never falls, so nobody may go past it. */
export const MAX_EPOCH = 500
