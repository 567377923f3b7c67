import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import type { Kind, Occurrence } from '../src/checkins/kind.ts'
import type { Ctx, Reply } from '../src/conversation/port.ts'
import { directTo } from '../src/kernel/address.ts'
import { FormRefusal, Refusal } from '../src/kernel/errors.ts'
import type { Form, FormValues, View } from '../src/views/view.ts'
import { createClockwork, draft, view, type Clockwork } from './support/clockwork.ts'
import { stores } from './support/stores.ts'

describe.each(stores)('on $name', ({ open }) => {
  let world: Clockwork
  let composed: Occurrence[]
  beforeEach(async () => {
    world = await createClockwork(open)
    composed = []
    world.checkins.register(kind('nudge'))
    world.checkins.register(kind('care-digest'))
  })
  afterEach(() => world.close())

  const kind = (name: string, over: Partial<Kind> = {}): Kind => ({
    name,
    schedulable: true,
    graceMinutes: 240,
    async compose(occurrence) {
      composed.push(occurrence)
      return { drafts: [draft({ cause: occurrence.id, purpose: name })] }
    },
    preview: async () => view('what it would look like'),
    ...over,
  })

  const at = (iso: string): Temporal.Instant => Temporal.Instant.from(iso)
  const network = () => world.networks.network('rheinfurt')
  const weekly = { every: 'week' as const, interval: 1, weekdays: [2] }

  async function tickAt(iso: string): Promise<number> {
    world.clock.moveTo(at(iso))
    return world.checkins.tick()
  }

  /** id without the check-in, state and reason of all occurrences. */
  async function occurrences(): Promise<string[]> {
    const docs = await world.store.db.models.Occurrence!.find({}).sort({ _id: 1 }).lean()
    return docs.map(({ _id, state, reason }) =>
      [String(_id).replace('rheinfurt|', ''), state, reason].join(' ').trim(),
    )
  }

  describe('the tick', () => {
    beforeEach(async () => world.checkins.ensure(await network(), 'nudge', weekly, '10:30'))

    test('composes what is due once, under its nominal local time', async () => {
      expect(await world.checkins.tick()).toBe(0)
      expect((await world.checkins.nextDueAt())?.toString()).toBe('2026-11-24T09:30:00Z')
      expect(await tickAt('2026-11-24T09:30:05Z')).toBe(1)
      expect(await world.checkins.tick()).toBe(0)
      expect(composed.map(({ id, byHand }) => ({ id, byHand }))).toEqual([
        { id: 'rheinfurt|nudge|2026-11-24T10:30', byHand: false },
      ])
      expect((await world.checkins.next('rheinfurt', 'nudge'))?.toString()).toBe('2026-12-01T09:30:00Z')
      await world.deliveries.runDue()
      expect(world.posted).toHaveLength(1)
    })

    test('on two replicas at once it is composed once', async () => {
      const other = world.createReplica()
      other.checkins.register(kind('nudge'))
      world.clock.moveTo(at('2026-11-24T09:30:00Z'))
      await Promise.all([world.checkins.tick(), other.checkins.tick()])
      await Promise.all([world.checkins.tick(), other.checkins.tick()])
      expect(composed).toHaveLength(1)
      expect((await world.checkins.next('rheinfurt', 'nudge'))?.toString()).toBe('2026-12-01T09:30:00Z')
    })

    test('after a crash in the middle another replica composes it again', async () => {
      const other = world.createReplica()
      other.checkins.register(kind('nudge', { compose: () => new Promise(() => undefined) }))
      world.clock.moveTo(at('2026-11-24T09:30:00Z'))
      void other.checkins.tick()
      while ((await occurrences()).length === 0) await new Promise(setImmediate)
      expect(await world.checkins.tick()).toBe(0)
      expect((await world.checkins.nextDueAt())?.toString()).toBe('2026-11-24T09:31:00Z')
      expect(await tickAt('2026-11-24T09:31:00Z')).toBe(1)
      expect(await occurrences()).toEqual(['nudge|2026-11-24T10:30 done'])
    })

    test('within the grace it comes late; beyond it is recorded as skipped', async () => {
      expect(await tickAt('2026-11-24T13:30:00Z')).toBe(1)
      expect(composed).toHaveLength(1)
      await tickAt('2026-12-01T13:31:00Z')
      expect(composed).toHaveLength(1)
      expect(await occurrences()).toEqual([
        'nudge|2026-11-24T10:30 done',
        'nudge|2026-12-01T10:30 skipped too-late',
      ])
    })

    test('after weeks of silence only the latest comes', async () => {
      await tickAt('2026-12-15T10:00:00Z')
      expect(await occurrences()).toEqual([
        'nudge|2026-11-24T10:30 skipped overtaken',
        'nudge|2026-12-01T10:30 skipped overtaken',
        'nudge|2026-12-08T10:30 skipped overtaken',
        'nudge|2026-12-15T10:30 done',
      ])
      expect((await world.checkins.next('rheinfurt', 'nudge'))?.toString()).toBe('2026-12-22T09:30:00Z')
    })

    test('a kind that fails is tried again and given up in the end; the others go on', async () => {
      let tries = 0
      world.checkins.register(
        kind('nudge', {
          async compose() {
            tries++
            throw new Error('broken')
          },
        }),
      )
      await world.checkins.ensure(await network(), 'care-digest', weekly, '10:30')
      expect(await tickAt('2026-11-24T09:30:00Z')).toBe(1)
      for (let minute = 31; minute < 45; minute++) await tickAt(`2026-11-24T09:${minute}:00Z`)
      expect(tries).toBe(6)
      expect(await occurrences()).toEqual([
        'care-digest|2026-11-24T10:30 done',
        'nudge|2026-11-24T10:30 skipped failed',
      ])
      expect((await world.checkins.next('rheinfurt', 'nudge'))?.toString()).toBe('2026-12-01T09:30:00Z')
    })

    test('silence has a reason', async () => {
      world.checkins.register(kind('nudge', { compose: async () => ({ silent: 'reviewed-recently' }) }))
      await tickAt('2026-11-24T09:30:00Z')
      expect(await occurrences()).toEqual(['nudge|2026-11-24T10:30 skipped reviewed-recently'])
    })

    test('the rhythm that is there stays', async () => {
      await world.checkins.ensure(await network(), 'nudge', weekly, '15:00')
      expect((await world.checkins.next('rheinfurt', 'nudge'))?.toString()).toBe('2026-11-24T09:30:00Z')
    })
  })

  describe('one-offs', () => {
    const close = '2026-11-24T12:34:56Z'
    beforeEach(() =>
      world.checkins.register(kind('pulse-close', { schedulable: false, graceMinutes: Infinity })),
    )

    test('come once, however often they are asked for, and however late', async () => {
      await world.checkins.once(await network(), 'pulse-close', 'wave-1', at(close))
      await world.checkins.once(await network(), 'pulse-close', 'wave-1', at(close))
      await world.checkins.once(await network(), 'pulse-close', 'wave-2', at(close))
      expect(await tickAt('2026-11-24T12:34:55Z')).toBe(0)
      expect(await tickAt('2026-11-29T12:34:56Z')).toBe(2)
      await world.checkins.once(await network(), 'pulse-close', 'wave-1', at(close))
      expect(await world.checkins.tick()).toBe(0)
      expect(composed.map(({ id, subject, dueAt }) => [id, subject, dueAt.toString()])).toEqual([
        ['rheinfurt|pulse-close|wave-1|2026-11-24T13:34:56', 'wave-1', close],
        ['rheinfurt|pulse-close|wave-2|2026-11-24T13:34:56', 'wave-2', close],
      ])
      expect(await world.checkins.nextDueAt()).toBeUndefined()
    })

    test('can be cancelled', async () => {
      await world.checkins.once(await network(), 'pulse-close', 'wave-1', at(close))
      await world.checkins.cancel('rheinfurt', 'pulse-close', 'wave-1')
      expect(await tickAt(close)).toBe(0)
    })
  })

  describe('coordinators', () => {
    async function ctxOf(id: string): Promise<Ctx> {
      const member = (await world.networks.member('rheinfurt', id))!
      const t = world.texts.in(member.language, 'de')
      const place = directTo(member.accounts[0]!)
      return { network: await network(), member, t, here: t, place, now: world.clock.now() }
    }
    async function say(name: string, rest = '', id = 'aylin'): Promise<Reply> {
      return world.checkins.feature.commands
        .find((command) => command.name === name)!
        .run(await ctxOf(id), rest)
    }
    async function press(verb: string, args: object, values?: FormValues): Promise<Reply> {
      const handler = world.checkins.feature.actions[`checkins.${verb}`]!
      return handler.run(await ctxOf('aylin'), handler.args.parse(args), handler.values?.parse(values))
    }
    const filled = (form: Form | undefined, over: FormValues): FormValues => ({
      ...Object.fromEntries(form!.fields.map(({ id, value }) => [id, value])),
      ...over,
    })
    const text = (shown: View | undefined): string => JSON.stringify(shown?.blocks ?? [])
    const schedule = async (over: FormValues = {}): Promise<Reply> =>
      press('save', {}, filled((await say('schedule', 'nudge')).form, over))

    test('schedule with the proposal, and see the next three dates', async () => {
      const form = (await say('schedule', 'weekly exercise')).form!
      expect(form.fields.map(({ id, value }) => [id, value])).toEqual([
        ['kind', 'nudge'],
        ['rhythm', 'week-1'],
        ['weekdays', ['3']],
        ['monthly', 'date'],
        ['time', '09:00'],
        ['start', '2026-11-25'],
      ])
      const said = text((await schedule({ rhythm: 'week-2', weekdays: ['5', '3'] })).notice)
      expect(said).toMatch(/every 2 weeks on Wednesday and Friday at 09:00/)
      expect(said).toMatch(/Wednesday 25 November.*Friday 27 November.*Wednesday 9 December/)
    })

    test('a monthly one follows the day of its start and makes way for days off', async () => {
      const said = text((await schedule({ rhythm: 'month-1', start: '2026-11-25' })).notice)
      expect(said).toMatch(/every month on day 25/)
      expect(said).toMatch(/28 December at 09:00 \(instead of Friday, 25 December 2026, a day off\)/)
    })

    test.each([
      ['nth', '2026-12-08', /every month on the second Tuesday at/, /8 December.*12 January.*9 February/],
      ['last', '2026-12-08', /every month on the last Tuesday at/, /29 December.*26 January.*23 February/],
      ['workday', '2026-12-03', /every month on working day 3 at/, /3 December.*6 January.*3 February/],
    ])('a monthly one may follow its weekday or working day: %s', async (monthly, start, rhythm, dates) => {
      const said = text((await schedule({ rhythm: 'month-1', monthly, start })).notice)
      expect(said).toMatch(rhythm)
      expect(said).toMatch(dates)
      const { form } = await press('schedule', { kind: 'nudge' })
      expect(filled(form, {})).toMatchObject({ rhythm: 'month-1', monthly })
      const again = text((await press('save', {}, filled(form, {}))).notice)
      expect(again).toMatch(dates)
    })

    test.each([
      ['nth', '2026-12-29', 'checkins:errors.fifth'],
      ['workday', '2026-12-25', 'checkins:errors.startsOff'],
      ['workday', '2026-12-28', 'checkins:errors.workdays'],
    ])('a monthly rhythm that would break is refused with the reason: %s from %s', (monthly, start, key) =>
      expect(schedule({ rhythm: 'month-1', monthly, start })).rejects.toMatchObject({
        errors: { monthly: { key } },
      }),
    )

    test('on a holiday it comes on the next working day, under its own date', async () => {
      await schedule({ weekdays: ['5'], start: '2026-12-25' })
      expect(await tickAt('2026-12-25T08:00:00Z')).toBe(0)
      expect(await tickAt('2026-12-28T08:00:00Z')).toBe(1)
      expect(composed.map(({ id, nominal }) => [id, nominal.toString()])).toEqual([
        ['rheinfurt|nudge|2026-12-25T09:00', '2026-12-28T09:00:00'],
      ])
      expect((await world.checkins.next('rheinfurt', 'nudge'))?.toString()).toBe('2027-01-04T08:00:00Z')
    })

    test('mistakes stand beside their fields', async () => {
      const wrong = { weekdays: [], time: '03:00', start: '2026-11-23', kind: 'pulse-close' }
      const refusal = await schedule(wrong).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(FormRefusal)
      expect(Object.keys((refusal as FormRefusal).errors).sort()).toEqual([
        'kind',
        'start',
        'time',
        'weekdays',
      ])
      const { values } = world.checkins.feature.actions['checkins.save']!
      const parsed = values!.safeParse({ kind: 'nudge', rhythm: 'daily', time: '25:00', start: '2026-02-30' })
      expect(parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
        'rhythm checkins:errors.rhythm',
        'time checkins:errors.time',
        'start checkins:errors.date',
      ])
    })

    test('the list shows what can be done, and changes in place', async () => {
      await schedule({ weekdays: ['3'] })
      const list = (await say('checkins')).notice
      const buttons = list!.blocks.flatMap((block) => (block.type === 'buttons' ? block.buttons : []))
      expect(buttons.map(({ label }) => label)).toEqual([
        'Preview for me',
        'Run now',
        'Skip once',
        'Move once',
        'Pause',
        'Change',
        'Delete',
        'Schedule a check-in',
      ])
      const skip = buttons.find(({ label }) => label === 'Skip once')!.action.args!
      expect(text((await press('skip', skip)).update)).toMatch(/left out.*2 December/)
      expect(text((await press('skip', skip)).update)).toMatch(/2 December/)
      expect(text((await press('pause', { kind: 'nudge' })).update)).toMatch(/Paused.*Resume/)
      expect(await world.checkins.next('rheinfurt', 'nudge')).toBeUndefined()
      expect(await tickAt('2026-12-03T09:00:00Z')).toBe(0)
      expect(text((await press('resume', { kind: 'nudge' })).update)).toMatch(/9 December/)
      expect(text((await press('delete', { kind: 'nudge' })).update)).toMatch(/no longer scheduled/)
      await expect(press('run', { kind: 'nudge' })).rejects.toThrow(Refusal)
    })

    test('changing keeps what is there, and gives no day a second one', async () => {
      await schedule({ rhythm: 'week-2', weekdays: ['2'], time: '10:30', start: '2026-11-24' })
      await tickAt('2026-11-24T09:30:00Z')
      const { form } = await press('schedule', { kind: 'nudge' })
      expect(filled(form, {})).toMatchObject({
        rhythm: 'week-2',
        weekdays: ['2'],
        time: '10:30',
        start: '2026-12-08',
      })
      await schedule({ rhythm: 'week-1', weekdays: ['2'], time: '11:00', start: '2026-11-24' })
      expect((await world.checkins.next('rheinfurt', 'nudge'))?.toString()).toBe('2026-12-01T10:00:00Z')
    })

    test('run now has one effect a minute and says what it did', async () => {
      await schedule()
      expect(text((await say('run', 'Nudge')).notice)).toMatch(/one message is on its way/)
      expect(text((await press('run', { kind: 'nudge' })).update)).toMatch(/one message is on its way/)
      expect(composed.map(({ id, byHand }) => ({ id, byHand }))).toEqual([
        { id: 'rheinfurt|nudge|2026-11-24T10:00', byHand: true },
      ])
      expect((await world.checkins.next('rheinfurt', 'nudge'))?.toString()).toBe('2026-11-25T08:00:00Z')
    })

    test('a preview is shown to the coordinator and stores nothing', async () => {
      expect(text((await say('preview', 'wochenimpuls')).notice)).toMatch(/what it would look like/)
      expect(await occurrences()).toEqual([])
    })

    test('an unknown word is answered with those there are', async () => {
      await expect(say('pause', 'the weather')).rejects.toMatchObject({
        text: { key: 'checkins:errors.whichKind', params: { kinds: 'Nudge and Care digest' } },
      })
    })

    test('everybody may ask for the next one, in their language; what is about partners is for coordinators', async () => {
      await world.checkins.ensure(await network(), 'care-digest', weekly, '11:00')
      await schedule()
      expect(text((await say('next')).notice)).toMatch(/Care digest.*Nudge.*Wednesday 25 November/)
      const told = text((await say('next', '', 'jonas')).notice)
      expect(told).toMatch(/Wochenimpuls.*Mittwoch, 25. November/)
      expect(told).not.toMatch(/Netzwerkpflege/)
      expect(await world.checkins.feature.home!(await ctxOf('jonas'))).toHaveLength(1)
      expect(text({ summary: '', blocks: await world.checkins.feature.home!(await ctxOf('aylin')) })).toMatch(
        /checkins.list/,
      )
    })

    test('only coordinators may do anything about them', () => {
      const { actions, commands } = world.checkins.feature
      const open = [...Object.values(actions), ...commands].filter(({ who }) => who !== 'coordinator')
      expect(open).toEqual([expect.objectContaining({ name: 'next' })])
    })
  })
})
