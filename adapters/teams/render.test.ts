import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  actionsOf,
  faultsOf,
  inputsOf,
  linesOf,
  partsOf,
  type Json,
} from '../../tests/support/teams-cards.ts'
import { escapeMarkdown } from '../../src/views/markdown.ts'
import type { Block, Form, View } from '../../src/views/view.ts'
import { byteSize } from './card.ts'
import { readExecute, readSubmission, readTaskFetch } from './codec.ts'
import { limits } from './limits.ts'
import { renderForm, renderInDialog, renderMessage } from './render.ts'

const action = { name: 'pulse.answer', args: { item: 'trust-1' } }
const points = [1, 2, 3, 4, 5].map((value) => ({ value, label: `Point ${value}` }))
const view = (...blocks: Block[]): View => ({ summary: 'Summary', blocks })

const nasty = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc.constantFrom(
    '<at>everyone</at>',
    '[click](https://evil.example)',
    '**bold** _it_ # heading',
    '${user.name} ${$root}',
    '{{DATE(2026-01-01T00:00:00Z,SHORT)}}',
    '{{time(2026-01-01T00:00:00Z)}}',
    '<script>alert(1)</script> &lt; &amp;',
    '- list\n1. list\n> quote',
    '\u202Eright to left',
    '\uD800 lone',
  ),
)
/** As a client shows it: invisible word joiners do not count. */
const seen = (card: unknown): string => linesOf(card).join('\n').replaceAll('\u2060', '')

describe('any text is shown as it stands', () => {
  test('in every kind of block', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const card = renderMessage(
          view(
            { type: 'heading', text },
            { type: 'text', text: escapeMarkdown(text) },
            { type: 'context', text: escapeMarkdown(text) },
            { type: 'facts', facts: [{ label: text, value: text }] },
            { type: 'scale', statement: text, points, skipLabel: text, action },
            { type: 'choice', question: text, options: [{ value: 'a', label: text }], action },
            { type: 'buttons', buttons: [{ label: text, action }] },
            { type: 'image', png: 'AA==', alt: text },
          ),
        )
        const types = new Set(partsOf(card).map(({ type }) => type))
        // Nothing that formats Markdown or follows links.
        for (const type of ['TextBlock', 'FactSet', 'Action.OpenUrl']) expect(types).not.toContain(type)
        expect(JSON.stringify(card)).not.toMatch(/\{\{(date|time)\(/i)
        expect(card).not.toHaveProperty('msteams.entities')
        const plain = text.replaceAll('\u2060', '')
        for (const line of plain.split('\n')) expect(seen(card)).toContain(line)
        for (const { title } of actionsOf(card).slice(-1))
          expect(String(title).replaceAll('\u2060', '')).toBe(plain)
      }),
    )
  })

  test('template marks of Adaptive Cards come out literally', () => {
    expect(seen(renderMessage(view({ type: 'text', text: '${name} {{DATE(x)}}' })))).toBe(
      '${name} {{DATE(x)}}',
    )
  })

  test('what is read aloud holds no markup', () => {
    expect(renderMessage({ summary: '<audio src="x"/> & more', blocks: [] }).speak).not.toMatch(/[<>&]/)
  })
})

describe('a message', () => {
  test('carries bold, italic, lists and blank lines', () => {
    const card = renderMessage(view({ type: 'text', text: '**Bold** and _it_\n\n- one\n- two' }))
    expect(linesOf(card)).toEqual(['Bold and it', '• one', '• two'])
    expect(card.body[0]).toMatchObject({
      inlines: [{ text: 'Bold', weight: 'Bolder' }, { text: ' and ' }, { text: 'it', italic: true }],
    })
  })

  test('answers a scale with one tap, and shows the answer given', () => {
    const scale = { type: 'scale', statement: 'S', points, skipLabel: 'Cannot say', action } as const
    const open = actionsOf(renderMessage(view(scale)))
    expect(open.map((button) => readExecute({ action: button })?.args?.value)).toEqual([1, 2, 3, 4, 5, 0])
    const given = actionsOf(renderMessage(view({ ...scale, answer: 0 })))
    expect(given.filter(({ style }) => style === 'positive').map(({ title }) => title)).toEqual([
      '✓ Cannot say',
    ])
  })

  test('opens forms with Submit and does everything else with Execute; in a dialog all is Submit', () => {
    const both = view({
      type: 'buttons',
      buttons: [
        { label: 'Open', action, opensForm: true },
        { label: 'Do', action, style: 'danger' },
      ],
    })
    const [open, act] = actionsOf(renderMessage(both))
    expect(readTaskFetch({ data: open?.data })).toEqual({ action })
    expect(readExecute({ action: act })).toEqual(action)
    for (const { data } of actionsOf(renderInDialog(both, 'sealed'))) {
      expect(readSubmission({ data })).toEqual({ kind: 'press', action, message: 'sealed' })
    }
  })

  test('offers up to six options as buttons and more as a list', () => {
    const choice = (count: number): Block => ({
      type: 'choice',
      question: 'Which?',
      options: Array.from({ length: count }, (_, i) => ({ value: `v${i}`, label: `Option ${i}` })),
      chosen: 'v1',
      action,
    })
    expect(actionsOf(renderMessage(view(choice(6))))).toHaveLength(6)
    const card = renderMessage(view(choice(7), choice(30)))
    expect(inputsOf(card)).toMatchObject([
      { id: 'choice0', value: 'v1', style: 'compact' },
      { id: 'choice1', style: 'filtered' },
    ])
    const button = actionsOf(card)[1] as Json
    const data = { ...(button.data as object), choice0: 'v2', choice1: 'v3' }
    expect(readExecute({ action: { ...button, data } })?.args).toEqual({ item: 'trust-1', value: 'v3' })
  })

  test('shows a file with its whole content, in letters of one width', () => {
    const content = 'a;"b"\n'.repeat(6000)
    const card = renderMessage(view({ type: 'file', name: 'results.csv', content }))
    expect(linesOf(card)).toEqual(['results.csv', content])
    expect(JSON.stringify(card)).toContain('"fontType":"Monospace"')
  })

  test('shows the words for a picture that is too large', () => {
    const card = renderMessage(view({ type: 'image', png: 'A'.repeat(1_400_000), alt: 'A chart' }))
    expect(linesOf(card)).toEqual(['A chart'])
    expect(JSON.stringify(card)).not.toContain('data:')
  })

  test('always fits, is valid, and says so where something was cut', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 5_000 })
    const block: fc.Arbitrary<Block> = fc.oneof(
      text.map((value): Block => ({ type: 'text', text: `x${value}` })),
      text.map((value): Block => ({ type: 'facts', facts: [{ label: `x${value}`, value: `x${value}` }] })),
      text.map((value): Block => ({
        type: 'scale',
        statement: `x${value}`,
        points,
        skipLabel: 'Skip',
        action,
      })),
      fc.constant<Block>({ type: 'divider' }),
    )
    fc.assert(
      fc.property(fc.array(block, { maxLength: 200 }), (blocks) => {
        const card = renderMessage({ summary: 'Summary', blocks })
        expect(byteSize(card)).toBeLessThanOrEqual(limits.cardBytes)
        expect(faultsOf(card)).toEqual([])
      }),
      { numRuns: 25 },
    )
    const huge = renderMessage(
      view(...Array.from({ length: 3_000 }, (): Block => ({ type: 'text', text: 'ü'.repeat(500) }))),
    )
    expect(byteSize(huge)).toBeLessThanOrEqual(limits.cardBytes)
    expect(linesOf(huge).at(-1)).toBe('…')
  })
})

describe('a form', () => {
  const options = [
    { value: 'school, east', label: 'School' },
    { value: 'police', label: 'Police' },
  ]
  const form: Form = {
    title: 'Form',
    fields: [
      {
        id: 'what',
        type: 'text',
        label: 'What',
        required: true,
        maxLength: 300,
        multiline: true,
        value: 'before',
      },
      { id: 'one', type: 'choice', label: 'One', options, value: 'school, east' },
      { id: 'many', type: 'multi-choice', label: 'Many', options, value: ['school, east', 'police'] },
      { id: 'day', type: 'date', label: 'Day', value: '2026-11-24' },
      { id: 'hour', type: 'time', label: 'Hour', value: '09:30' },
      { id: 'who', type: 'member', label: 'Who', options },
      { id: 'with', type: 'partner', label: 'With', options },
      { id: 'feel', type: 'scale', label: 'Feel', points, skipLabel: 'Cannot say', value: '0' },
    ],
    submitLabel: 'Save',
    cancelLabel: 'Cancel',
    action: { name: 'goals.save' },
    openedBy: { name: 'goals.write' },
  }
  /** What the client sends when nothing is changed. */
  const sentBack = (card: unknown): object => ({
    data: {
      ...Object.fromEntries(inputsOf(card).map(({ id, value }) => [String(id), value ?? ''])),
      ...(actionsOf(card)[0]?.data as object),
    },
  })

  test('comes back as it was shown', () => {
    const card = renderForm(form, { message: 'sealed' })
    expect(faultsOf(card, true)).toEqual([])
    expect(readSubmission(sentBack(card))).toEqual({
      kind: 'submit',
      action: { name: 'goals.save', args: {} },
      openedBy: { name: 'goals.write', args: {} },
      message: 'sealed',
      values: {
        what: 'before',
        one: 'school, east',
        many: ['school, east', 'police'],
        day: '2026-11-24',
        hour: '09:30',
        who: undefined,
        with: undefined,
        feel: '0',
      },
    })
    expect(inputsOf(card)[0]).toMatchObject({ isRequired: true, maxLength: 300, isMultiline: true })
  })

  test('keeps what was typed and shows errors beside their fields', () => {
    const card = renderForm(form, {
      errors: { what: 'Too short', gone: 'Elsewhere' },
      values: { what: 'x', one: undefined },
    })
    expect(linesOf(card).slice(0, 3)).toEqual(['→ Elsewhere', 'What', '→ Too short'])
    expect(readSubmission(sentBack(card))).toMatchObject({
      values: { what: 'x', one: undefined, many: [], feel: undefined },
    })
  })

  test('with very long lists still fits and counts what is left out', () => {
    const many = Array.from({ length: 2_000 }, (_, i) => ({
      value: `id-${i}`,
      label: `${'Ü'.repeat(70)} ${i}`,
    }))
    const card = renderForm({ ...form, fields: [{ id: 'who', type: 'member', label: 'Who', options: many }] })
    expect(byteSize(card)).toBeLessThanOrEqual(limits.cardBytes)
    expect(linesOf(card).at(-1)).toMatch(/^… \+\d+$/)
  })
})
