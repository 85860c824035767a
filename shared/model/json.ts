/** The value of a row; the same shape as Replicache's `ReadonlyJSONValue`. */
export type Json = null | string | boolean | number | readonly Json[] | { readonly [key: string]: Json | undefined }
