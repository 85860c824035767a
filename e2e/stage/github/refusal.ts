/** Where the description lets the body repeat it. */
const WITH_STATUS: readonly number[] = [401, 403, 404]

/** What GitHub refuses, in its own words and shape. */
export class Refusal extends Error {
  readonly status: 401 | 403 | 404 | 405 | 409 | 410 | 422
  readonly body: Record<string, unknown>

  constructor(status: Refusal['status'], message: string, more: Record<string, unknown> = {}) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.body = { message, ...more, documentation_url: 'https://docs.github.com/rest', ...(WITH_STATUS.includes(status) ? { status: String(status) } : {}) }
  }
}

export function badCredentials(): Refusal {
  return new Refusal(401, 'Bad credentials')
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}

export function noAccess(): Refusal {
  return new Refusal(403, 'Resource not accessible by personal access token')
}

export interface FieldError {
  resource: string
  field?: string
  code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'custom'
  message?: string
}

export function validationFailed(...errors: FieldError[]): Refusal {
  return new Refusal(422, 'Validation Failed', { errors })
}
