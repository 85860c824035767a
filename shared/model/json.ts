/** What a row can hold; the same shape as Replicache's `ReadonlyJSONValue`. */
export type Json = null | string | boolean | number | readonly Json[] | { readonly [key: string]: Json | undefined }
