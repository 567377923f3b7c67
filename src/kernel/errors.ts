/** A text of `locales/` that is not yet in anybody's language: `namespace:key` and its parameters. */
export interface Text {
  key: string
  params?: Record<string, unknown>
}

/** What a member asked for cannot be done, and the member is told why, privately and kindly. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly text: Text

  /** @param key a key of `locales/`, for example `networks:notMember` */
  constructor(key: string, params?: Record<string, unknown>) {
    super(key)
    this.text = { key, params }
  }
}

/** A form with mistakes: each is shown beside its field, and nothing of what was typed is lost. */
export class FormRefusal extends Error {
  override readonly name = 'FormRefusal'
  readonly errors: Record<string, Text>

  /** @param errors field id to the text that says what to write instead */
  constructor(errors: Record<string, Text>) {
    super(`form refused: ${Object.keys(errors).join(', ')}`)
    this.errors = errors
  }
}
