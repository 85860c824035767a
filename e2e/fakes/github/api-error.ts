/** Where the description lets the body repeat it. */
const WITH_STATUS: readonly number[] = [401, 403, 404]

/** What GitHub refuses, in its own words and shape. */
export class ApiError extends Error {
  readonly status: 401 | 403 | 404 | 405 | 409 | 410 | 422
  readonly body: Record<string, unknown>

  constructor(status: ApiError['status'], message: string, more: Record<string, unknown> = {}) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.body = { message, ...more, documentation_url: 'https://docs.github.com/rest', ...(WITH_STATUS.includes(status) ? { status: String(status) } : {}) }
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
