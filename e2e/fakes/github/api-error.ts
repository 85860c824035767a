/** GitHub's description allows a `status` in the body only for these. */
const STATUSES_IN_BODY: readonly number[] = [401, 403, 404]

/** A refusal with GitHub's own message and body. */
export class ApiError extends Error {
  readonly status: 401 | 403 | 404 | 405 | 409 | 410 | 422
  readonly body: Record<string, unknown>

  constructor(status: ApiError['status'], message: string, more: Record<string, unknown> = {}) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    const repeated = STATUSES_IN_BODY.includes(status) ? { status: String(status) } : {}
    this.body = { message, ...more, documentation_url: 'https://docs.github.com/rest', ...repeated }
  }
}

/** Runs a handler and turns an `ApiError` into its response; any other error is a bug of the fake and is rethrown. */
export async function catchApiError<T>(handle: () => T | Promise<T>): Promise<T | { status: ApiError['status'], body: unknown, headers?: never }> {
  try {
    return await handle()
  }
  catch (error) {
    if (error instanceof ApiError)
      return { status: error.status, body: error.body }
    throw error
  }
}

export function badCredentials(): ApiError {
  return new ApiError(401, 'Bad credentials')
}

export function notFound(): ApiError {
  return new ApiError(404, 'Not Found')
}

export function noAccess(): ApiError {
  return new ApiError(403, 'Resource not accessible by personal access token')
}

export interface FieldError {
  resource: string
  field?: string
  code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'custom'
  message?: string
}

export function validationFailed(...errors: FieldError[]): ApiError {
  return new ApiError(422, 'Validation Failed', { errors })
}
