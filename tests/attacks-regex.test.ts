import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import ts from 'typescript'

// Every regular expression of the program against long texts made to be hard for it: time may grow with the length of a
// text, not with its square. What is compared is growth, so that a slow machine is no failure.

const [SHORT, LONG] = [5_000, 50_000]
// Ten times the text: ten times the time, or a hundred times where it is quadratic.
const MOST_GROWTH = 40
/** Milliseconds that are nothing, whatever they have grown from. */
const NOTHING = 25

interface Found {
  where: string
  regex: RegExp
}

/** Every regular expression that is written in a source file. */
function expressionsIn(file: string): Found[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Found[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/')
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
      const regex = new RegExp(node.text.slice(1, end), node.text.slice(end + 1))
      found.push({ where: `${file}:${line} ${node.text}`, regex })
    }
    if (ts.isIdentifier(node) && node.text === 'RegExp' && !ts.isTypeReferenceNode(node.parent))
      throw new Error(`${file} builds a regular expression: it cannot be checked here`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const sources = ['src', 'adapters'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.ts$/.test(name))
    .map((name) => join(folder, name)),
)
const all = sources.flatMap(expressionsIn)

/** What could be hard for an expression: what it is made of, again and again, with an end that does not fit. */
function seeds({ source }: RegExp): string[] {
  const own = [...new Set(source.replace(/\\[a-z]/gi, ''))].filter((char) => char.trim())
  const usual = [' ', '\n', '\r\n', '\t', 'a', '0', '-', '.', '@', '<', '"', 'ä', '\u2028', '\ud83d']
  const singles = [...new Set([...usual, ...own])]
  const words = source.match(/[a-z]{3,}/gi) ?? []
  return [
    ...singles,
    ...singles.flatMap((char) => [`a${char}`, `${char}0`, ` ${char}`, `<${char}`, `+0 ${char}`]),
    ...words,
    'a@a.',
    '<a|',
    '+00 ',
    'born ',
  ]
}

function millis(regex: RegExp, text: string): number {
  const started = performance.now()
  text.replace(regex, '')
  regex.test(text)
  regex.lastIndex = 0
  return performance.now() - started
}

test('there is something to check', () => expect(all.length).toBeGreaterThan(40))

test.each(all)('$where', ({ regex }) => {
  const best = (text: string): number => Math.min(...[1, 2].map(() => millis(regex, text)))
  const slow = seeds(regex).find((seed) => {
    const of = (length: number): string => `${seed.repeat(length / seed.length)}\u0000`
    // What is quick at once needs no second look; what is not may have met a busy moment.
    if (millis(regex, of(LONG)) < NOTHING) return false
    return best(of(LONG)) > Math.max(NOTHING, MOST_GROWTH * best(of(SHORT)))
  })
  expect(slow).toBeUndefined()
})
