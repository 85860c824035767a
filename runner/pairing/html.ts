/** Markup that goes into a page unescaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A template tag for a piece of a page. It escapes all values except `Html`. */
export function html(pieces: TemplateStringsArray, ...values: (Html | string)[]): Html {
  return new Html(pieces.map((piece, i) => piece + markup(values[i] ?? '')).join(''))
}

function markup(value: Html | string): string {
  return value instanceof Html ? value.text : value.replace(/["&'<>]/g, character => `&#${character.charCodeAt(0)};`)
}
