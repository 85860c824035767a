/** Markup that may be put into a page as it is. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A piece of a page. What is put into it is text, whoever wrote it, unless it is a piece of a page itself. */
export function html(pieces: TemplateStringsArray, ...values: (Html | string)[]): Html {
  return new Html(pieces.map((piece, i) => piece + markup(values[i] ?? '')).join(''))
}

function markup(value: Html | string): string {
  return value instanceof Html ? value.text : value.replace(/["&'<>]/g, character => `&#${character.charCodeAt(0)};`)
}
