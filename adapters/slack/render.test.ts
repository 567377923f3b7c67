import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Block, Field, Form, View } from '../../src/views/view.ts'
import { escapeMarkdown } from '../../src/views/markdown.ts'
import { messageProblems, textsOf, viewProblems, type Json } from '../../tests/support/slack-blocks.ts'
import { encodeAction, readPress, readSubmission } from './codec.ts'
import { fit } from './limits.ts'
import { renderForm, renderHome, renderMessage } from './render.ts'

const action = { name: 'pulse.answer', args: { item: 'pi-1' } }
const points = [1, 2, 3, 4, 5].map((value) => ({ value, label: `Point ${value}` }))
const scale = (answer?: number): Block => ({
  type: 'scale',
  statement: 'Quieter voices are heard in our meetings.',
  points,
  skipLabel: 'I cannot say',
  answer,
  action,
})
const options = (count: number): { value: string; label: string }[] =>
  Array.from({ length: count }, (_, index) => ({ value: `v${index}`, label: `Option ${index}` }))
const view = (...blocks: Block[]): View => ({ summary: 'Summary', blocks })
const elements = (blocks: unknown): Json[] =>
  (blocks as Json[]).filter(({ type }) => type === 'actions').flatMap((block) => block.elements as Json[])
const json = (value: unknown): Json => value as Json

const NASTY = [
  '<!channel> <!here> <@U0AYLIN> <!subteam^S1|all>',
  '<https://evil.example|Slack> &lt;!channel&gt;',
  '*bold* _it_ ~no~ `code` :smile: @here #general',
  'a\ud800b\u0000c\u0007',
  '👩‍👩‍👧‍👦'.repeat(900),
  'x'.repeat(20_000),
  '\u202eRTL',
  '',
  '   ',
  '- \n- \n\n**',
]
const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ maxLength: 4000, size: 'max' }),
)
const markdown = fc.oneof(text, text.map(escapeMarkdown))
const option = fc.record({ value: fc.stringMatching(/^[a-z0-9|-]{1,60}$/), label: text })
const button = fc.record({
  label: text,
  action: fc.constant(action),
  style: fc.constantFrom(undefined, 'primary' as const, 'danger' as const),
})
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant('heading' as const), text }),
  fc.record({ type: fc.constant('text' as const), text: markdown }),
  fc.record({ type: fc.constant('context' as const), text: markdown }),
  fc.record({
    type: fc.constant('facts' as const),
    facts: fc.array(fc.record({ label: text, value: text }), { maxLength: 15 }),
  }),
  text.map((statement) => ({ ...scale(3), statement }) as Block),
  fc.record({
    type: fc.constant('choice' as const),
    question: text,
    options: fc.array(option, { minLength: 1, maxLength: 120 }),
    action: fc.constant(action),
  }),
  fc.record({
    type: fc.constant('buttons' as const),
    buttons: fc.array(button, { minLength: 1, maxLength: 40 }),
  }),
  fc.record({ type: fc.constant('image' as const), png: fc.constant('AAAA'), alt: text }),
  fc.constant({ type: 'divider' as const }),
)
const base = { label: text, help: fc.option(text, { nil: undefined }), required: fc.boolean() }
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    ...base,
    id: fc.uuid(),
    type: fc.constant('text' as const),
    maxLength: fc.integer({ min: 1, max: 5000 }),
    value: text,
  }),
  fc.record({
    ...base,
    id: fc.uuid(),
    type: fc.constantFrom('choice' as const, 'member' as const, 'partner' as const),
    options: fc.array(option, { maxLength: 230 }),
    value: fc.constant('v1'),
  }),
  fc.record({
    ...base,
    id: fc.uuid(),
    type: fc.constant('multi-choice' as const),
    options: fc.array(option, { maxLength: 130 }),
  }),
  fc.record({ ...base, id: fc.uuid(), type: fc.constant('date' as const), value: fc.constant('2026-11-24') }),
  fc.record({
    ...base,
    id: fc.uuid(),
    type: fc.constant('scale' as const),
    points: fc.constant(points),
    skipLabel: text,
  }),
)

// Making such large examples smaller would take minutes; the seed is printed, and repeats the failure.
const quickly = { numRuns: 150, endOnFailure: true }

describe('whatever is written', () => {
  test('a message stays within the limits of Slack, and mentions, links and formats nothing', () => {
    fc.assert(
      fc.property(text, fc.array(block, { maxLength: 70 }), (summary, blocks) => {
        const message = renderMessage({ summary, blocks })
        expect(messageProblems(message.text, message.blocks)).toEqual([])
        expect(JSON.stringify(message)).not.toMatch(
          /"type":"(mrkdwn|link|user|usergroup|broadcast|channel|emoji)"/,
        )
        const home = renderHome({ summary, blocks })
        expect(viewProblems(json(home))).toEqual([])
      }),
      quickly,
    )
  })

  test('a form stays within the limits of Slack', () => {
    fc.assert(
      fc.property(text, markdown, fc.array(field, { maxLength: 8 }), (label, intro, fields) => {
        const form: Form = {
          title: label,
          intro,
          fields,
          submitLabel: label,
          cancelLabel: label,
          action,
          openedBy: action,
        }
        expect(viewProblems(json(renderForm(form)))).toEqual([])
      }),
      quickly,
    )
  })

  test('what people wrote is shown literally', () => {
    const { text: fallback, blocks } = renderMessage({
      summary: '<!channel> & <@U1>',
      blocks: [{ type: 'text', text: `**Note:** ${escapeMarkdown('<!channel> *loud* _x_')}` }],
    })
    expect(fallback).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;')
    expect(blocks).toEqual([
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'Note:', style: { bold: true } },
              { type: 'text', text: ' <!channel> *loud* _x_' },
            ],
          },
        ],
      },
    ])
  })

  test('too long is cut visibly, between characters as people see them', () => {
    expect(fit('abcdef', 4)).toBe('abc…')
    expect(fit('ab👩‍👩‍👧‍👦cd', 6)).toBe('ab…')
    const blocks = renderMessage(
      view(...Array.from({ length: 60 }, (): Block => ({ type: 'text', text: 'Text' }))),
    ).blocks
    expect(blocks).toHaveLength(50)
    expect([...textsOf(blocks)].at(-1)).toBe('…')
  })
})

describe('messages', () => {
  test('paragraphs and lists', () => {
    expect(renderMessage(view({ type: 'text', text: 'One\nTwo\n- a\n- **b**\nThree' })).blocks).toMatchObject(
      [
        {
          elements: [
            { type: 'rich_text_section', elements: [{ text: 'One' }, { text: '\n' }, { text: 'Two' }] },
            {
              type: 'rich_text_list',
              elements: [{ elements: [{ text: 'a' }] }, { elements: [{ text: 'b' }] }],
            },
            { type: 'rich_text_section', elements: [{ text: 'Three' }] },
          ],
        },
      ],
    )
  })

  test('a scale has its points and "cannot say"; the answer given is ticked', () => {
    const buttons = elements(renderMessage(view(scale(0))).blocks)
    expect([...textsOf(buttons)]).toEqual(['1', '2', '3', '4', '5', '✓ I cannot say'])
    expect(buttons.map(({ style }) => style)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      'primary',
    ])
    expect(buttons.map(readPress).map((press) => press?.args?.value)).toEqual([1, 2, 3, 4, 5, 0])
  })

  test('up to five options are buttons, more are a menu, and a menu without room is buttons again', () => {
    const choice = (count: number, args = {}): Json[] =>
      elements(
        renderMessage(
          view({
            type: 'choice',
            question: 'Which?',
            options: options(count),
            chosen: 'v1',
            action: { name: 'x.pick', args },
          }),
        ).blocks,
      )
    expect(choice(3).map(({ type }) => type)).toEqual(['button', 'button', 'button'])
    const [menu] = choice(6)
    expect(menu).toMatchObject({ type: 'static_select', initial_option: { value: 'v1' } })
    expect(readPress({ ...menu, selected_option: { value: 'v4' } })).toEqual({
      name: 'x.pick',
      args: { value: 'v4' },
    })
    expect(choice(6, { id: 'x'.repeat(300) })).toHaveLength(6)
  })

  test('a picture is shown where Slack has it, else its alternative', () => {
    const image: Block = { type: 'image', png: 'AAAA', alt: 'A line that rises' }
    expect(renderMessage(view(image), () => ({ slack_file: { id: 'F1' } })).blocks).toEqual([
      { type: 'image', alt_text: 'A line that rises', slack_file: { id: 'F1' } },
    ])
    expect([...textsOf(renderMessage(view(image)).blocks)]).toEqual(['A line that rises'])
  })

  test('a file is its name and its content, whole lines at a time', () => {
    const lines = Array.from({ length: 100 }, (_, line) => `${line}: ${'x'.repeat(80)}`)
    const { blocks } = renderMessage(view({ type: 'file', name: 'results.csv', content: lines.join('\n') }))
    const [name, ...parts] = [...textsOf(blocks)]
    expect(name).toBe('results.csv')
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.join('\n')).toBe(lines.join('\n'))
    expect(JSON.stringify(blocks)).toContain('rich_text_preformatted')
  })
})

describe('presses and forms on the way back', () => {
  test('an action survives the round trip', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.dictionary(
          fc.stringMatching(/^[a-z]{1,8}$/),
          fc.oneof(fc.string({ maxLength: 40 }), fc.boolean(), fc.integer()),
        ),
        (name, args) => {
          expect(readPress({ action_id: 'a0', value: encodeAction({ name, args }) })).toEqual({ name, args })
        },
      ),
    )
    expect(() => encodeAction({ name: 'x', args: { long: 'x'.repeat(2000) } })).toThrow(RangeError)
  })

  test('anything else is nothing', () => {
    const strange = fc.oneof(
      fc.anything(),
      fc.record({ action_id: fc.string(), value: fc.oneof(fc.string(), fc.json()) }),
      fc.record({ private_metadata: fc.json(), state: fc.anything() }),
    )
    fc.assert(
      fc.property(strange, (payload) => {
        const press = readPress(payload)
        if (press) expect(typeof press.name).toBe('string')
        readSubmission(payload)
      }),
    )
    expect(readPress({ action_id: 'a', value: '{"name":"x","args":{"$gt":{"a":1}}}' })).toBeUndefined()
    expect(({} as Json).polluted).toBeUndefined()
    readPress({
      action_id: 'a',
      value: '{"name":"x","args":{"__proto__":"y"},"__proto__":{"polluted":true}}',
    })
    expect(({} as Json).polluted).toBeUndefined()
  })

  test('a title that does not fit is repeated in full, and a menu of many people is grouped', () => {
    const modal = renderForm({
      title: 'A look at our common goal together',
      fields: [{ id: 'who', type: 'member', label: 'Who?', options: options(250), value: 'v120' }],
      submitLabel: 'Send',
      cancelLabel: 'Cancel',
      action,
      openedBy: action,
    })
    expect(modal.title.text).toBe('A look at our common go…')
    expect(modal.blocks[0]).toMatchObject({
      type: 'header',
      text: { text: 'A look at our common goal together' },
    })
    expect(modal.blocks[1]).toMatchObject({
      element: {
        option_groups: [{ label: { text: 'Option 0 – Option 99' } }, {}, {}],
        initial_option: { value: 'v120' },
      },
    })
  })
})
