import { setImmediate as others } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import { Refused } from '../src/delivery/port.ts'
import { createClockwork, draft, NETWORK, TEAM, TEAMS, view, type Clockwork } from './support/clockwork.ts'
import { stores } from './support/stores.ts'

describe.each(stores)('on $name', ({ open }) => {
  let world: Clockwork
  beforeEach(async () => {
    world = await createClockwork(open)
  })
  afterEach(() => world.close())

  const at = (iso: string): Temporal.Instant => Temporal.Instant.from(iso)
  const member = (id: string, over = {}) => draft({ to: { member: id }, ...over })

  describe('once', () => {
    test('owing and running twice posts once', async () => {
      const { deliveries, posted } = world
      await deliveries.owe([draft(), member('aylin')])
      await deliveries.owe([draft({ view: view('changed') }), member('aylin'), member('jonas')])
      await world.deliverFor(10)
      await world.deliverFor(10)
      expect(posted.map(({ to, text }) => `${to} ${text}`).sort()).toEqual([
        'C0TEAM hello',
        'U0AYLIN hello',
        'U0JONAS hello',
      ])
    })

    test('two replicas at once post once', async () => {
      const other = world.createReplica()
      const drafts = ['a', 'b', 'c'].map((purpose) => member('aylin', { purpose }))
      await Promise.all([world.deliveries.owe(drafts), other.deliveries.owe(drafts)])
      for (let i = 0; i < 5; i++) {
        await Promise.all([world.deliveries.runDue(), other.deliveries.runDue()])
        world.pass(1)
      }
      expect(world.posted.map(({ deliveryId }) => deliveryId.split('|').at(-2))).toEqual(['a', 'b', 'c'])
    })

    test('what was posted can be found by its delivery', async () => {
      await world.deliveries.owe([draft()])
      await world.deliveries.runDue()
      const [delivery] = await world.deliveries.list({ network: 'rheinfurt', state: 'sent' })
      expect(world.posted[0]!.deliveryId).toBe(delivery!._id)
      expect(delivery).not.toHaveProperty('view')
    })
  })

  describe('refused or lost', () => {
    test('too fast: again when the platform says, and it arrives once', async () => {
      let refusals = 2
      world.fate.before = () => {
        if (refusals-- > 0) throw new Refused('rate_limited', 30)
      }
      await world.deliveries.owe([draft()])
      await world.deliverFor(29)
      expect(await world.states()).toEqual(['retry: rate_limited'])
      await world.deliverFor(600)
      expect(await world.states()).toEqual(['sent'])
      expect(world.posted.map((one) => one.at.toString())).toEqual(['2026-11-24T09:01:00Z'])
    })

    test('too fast without a time: the pauses grow', async () => {
      const tries: number[] = []
      world.fate.before = () => {
        tries.push(world.clock.now().epochMilliseconds / 1000)
        throw new Refused('rate_limited', 0)
      }
      await world.deliveries.owe([draft()])
      await world.deliverFor(40)
      expect(tries.slice(1).map((time, index) => time - tries[index]!)).toEqual([1, 2, 4, 8, 16])
    })

    test('refused for good: failed, with the reason', async () => {
      world.fate.before = () => {
        throw new Refused('channel_not_found')
      }
      await world.deliveries.owe([draft()])
      await world.deliverFor(3600)
      expect(await world.states()).toEqual(['failed: channel_not_found'])
    })

    test('nobody knows: never again, and the lane takes a breath', async () => {
      world.fate.after = () => {
        throw new Error('socket hang up')
      }
      await world.deliveries.owe([draft(), member('aylin')])
      await world.deliveries.runDue()
      delete world.fate.after
      await world.deliverFor(3600)
      await world.deliveries.reconcile()
      await world.deliverFor(24 * 3600)
      expect(world.posted.map(({ to }) => to).sort()).toEqual(['C0TEAM', 'U0AYLIN'])
      expect(await world.states()).toContain('unknown: no-answer')
    })

    test('no account to write to: failed, and the others are not held back', async () => {
      await world.deliveries.owe([member('newcomer'), member('aylin')])
      await world.deliveries.runDue()
      expect(await world.states()).toEqual(['failed: not-reachable', 'sent'])
    })
  })

  describe('a crash', () => {
    // The n-th such operation fails, like a process that dies there.
    const dyingAt = (operation: string, nth: number) => {
      let calls = 0
      const tamper = (name: string): void => {
        if (name === operation && ++calls === nth) throw new Error('killed')
      }
      return world.createReplica({ tamper }).deliveries
    }

    test('before the claim: sent later', async () => {
      await world.deliveries.owe([draft()])
      await dyingAt('findOneAndUpdate', 1).runDue()
      expect(world.posted).toHaveLength(0)
      await world.deliverFor(60)
      expect(await world.states()).toEqual(['sent'])
      expect(world.posted).toHaveLength(1)
    })

    test('after the post, before the record: unknown, and never sent again', async () => {
      await world.deliveries.owe([draft()])
      await dyingAt('findOneAndUpdate', 2).runDue()
      expect(world.posted).toHaveLength(1)
      await world.deliverFor(61)
      await world.deliveries.reconcile()
      await world.deliverFor(24 * 3600)
      expect(await world.states()).toEqual(['unknown: lease-expired'])
      expect(world.posted).toHaveLength(1)
    })

    test('where only the store is away for a moment: recorded when it is back', async () => {
      await world.deliveries.owe([draft()])
      let calls = 0
      const tamper = (name: string): void => {
        if (name === 'findOneAndUpdate' && [2, 3].includes(++calls)) throw new Error('the store is away')
      }
      await world.createReplica({ tamper, recordAgainAfterMs: [0, 0] }).deliveries.runDue()
      expect(await world.states()).toEqual(['sent'])
      expect(world.posted).toHaveLength(1)
    })

    test('after the record, before the others are told: they are told later', async () => {
      await world.deliveries.owe([member('aylin', { ask: 2 })])
      await dyingAt('updateOne', 1).runDue()
      await world.deliveries.reconcile()
      await world.deliveries.reconcile()
      expect(world.told.map(({ member, ask, weight }) => ({ member, ask, weight }))).toEqual([
        { member: 'aylin', ask: true, weight: 2 },
        { member: 'aylin', ask: true, weight: 2 },
      ])
    })

    test('a process that slept on its claim does not post; the message is not lost', async () => {
      await world.deliveries.owe([draft()])
      let claims = 0
      const tamper = (name: string): void => {
        // The write of the claim reaches the store at once; its answer comes forty seconds later.
        if (name === 'findOneAndUpdate' && ++claims === 1) queueMicrotask(() => world.pass(40))
      }
      await world.createReplica({ tamper }).deliveries.runDue()
      expect(world.posted).toHaveLength(0)
      expect(await world.states()).toEqual(['pending'])
      await world.deliveries.reconcile()
      await world.deliverFor(60)
      expect(world.posted).toHaveLength(1)
      expect(await world.states()).toEqual(['sent'])
    })
  })

  describe('when', () => {
    test.each([
      ['at night', '2026-11-24T20:00:00Z', '2026-11-25T07:00:00Z'],
      ['at the weekend', '2026-11-28T10:00:00Z', '2026-11-30T07:00:00Z'],
      ['on a holiday', '2026-12-25T10:00:00Z', '2026-12-28T07:00:00Z'],
    ])('what is owed %s waits for the next good hour', async (_when, now, then) => {
      world.clock.moveTo(at(now))
      await world.deliveries.owe([draft(), member('aylin')])
      await world.deliverFor(4 * 24 * 3600)
      expect(world.posted[0]!.at.toString()).toBe(then)
      expect(world.posted).toHaveLength(2)
    })

    test('the answer to what somebody just did does not wait', async () => {
      world.clock.moveTo(at('2026-11-24T20:00:00Z'))
      await world.deliveries.owe([draft({ immediate: true })])
      await world.deliveries.runDue()
      expect(world.posted).toHaveLength(1)
    })

    test('quiet hours may begin while it waits for its turn', async () => {
      world.clock.moveTo(at('2026-11-24T16:59:59Z'))
      await world.deliveries.owe(['a', 'b', 'c'].map((purpose) => draft({ purpose })))
      await world.deliverFor(24 * 3600)
      expect(world.posted.map((one) => one.at.toString())).toEqual([
        '2026-11-24T16:59:59Z',
        '2026-11-25T07:00:00Z',
        '2026-11-25T07:00:01Z',
      ])
    })

    test('what has expired is dropped', async () => {
      world.clock.moveTo(at('2026-11-27T20:00:00Z'))
      await world.deliveries.owe([draft({ expiresAt: at('2026-11-28T12:00:00Z') })])
      await world.deliverFor(4 * 24 * 3600)
      expect(await world.states()).toEqual(['dropped: expired'])
    })

    test('one after the other, in order, at the pace of the platforms', async () => {
      const purposes = ['a', 'b', 'c', 'd']
      await world.deliveries.owe(purposes.map((purpose) => draft({ purpose, view: view(purpose) })))
      await world.deliverFor(60)
      expect(world.posted.map(({ text }) => text)).toEqual(purposes)
      const seconds = world.posted.map((one) => one.at.epochMilliseconds / 1000)
      expect(seconds.slice(1).map((time, index) => time - seconds[index]!)).toEqual([1, 1, 1])
    })

    test('a long pause of Linkpin does not end in a burst', async () => {
      await world.deliveries.owe(Array.from({ length: 8 }, (_, n) => draft({ purpose: `p${n}` })))
      world.pass(5 * 3600)
      await world.deliveries.runDue()
      expect(world.posted).toHaveLength(1)
    })
  })

  describe('one does not wait for another', () => {
    test('a tenant that says "too fast" slows itself only', async () => {
      world.fate.before = ({ platform }) => {
        if (platform === 'slack') throw new Refused('rate_limited', 600)
      }
      await world.deliveries.owe([draft(), draft({ to: { space: TEAMS } }), member('marta')])
      await world.deliveries.runDue()
      expect(world.posted.map(({ to }) => to).sort()).toEqual(['19:team', 'marta'])
    })

    test('a tenant that does not answer for two hours is asked ever more rarely, and loses little', async () => {
      world.fate.before = () => {
        throw new Error('reset')
      }
      const purposes = Array.from({ length: 30 }, (_, n) => `part-${n}`)
      await world.deliveries.owe(purposes.map((purpose) => draft({ purpose })))
      await world.deliverFor(2 * 3600)
      const unknown = (await world.states()).filter((state) => state.startsWith('unknown'))
      expect(unknown.length).toBeLessThan(25)
      delete world.fate.before
      await world.deliverFor(3600)
      expect(world.posted).toHaveLength(purposes.length - unknown.length)
    })

    test('a tenant that does not answer holds up nobody, nor the next round', async () => {
      let answer = (): void => undefined
      const silence = new Promise<void>((resolve) => (answer = resolve))
      world.fate.before = ({ platform }) => (platform === 'slack' ? silence : undefined)
      await world.deliveries.owe([draft(), draft({ to: { space: TEAMS } })])
      const stuck = world.deliveries.runDue()
      await world.deliveries.owe([member('marta')])
      while (world.posted.length < 2) {
        await world.deliveries.runDue()
        await others()
      }
      expect(world.posted.map(({ to }) => to).sort()).toEqual(['19:team', 'marta'])
      answer()
      await stuck
      expect(world.posted).toHaveLength(3)
    })
  })

  describe('what changes meanwhile', () => {
    const id = { cause: draft().cause, purpose: draft().purpose, to: draft().to }

    test('revised before sending: only the new content is seen', async () => {
      await world.deliveries.owe([draft()])
      await world.deliveries.revise(id, view('new'))
      await world.deliverFor(10)
      expect(world.posted.map(({ text }) => text)).toEqual(['new'])
    })

    test('revised after sending: in place, also when the platform is troubled at first', async () => {
      await world.deliveries.owe([draft()])
      await world.deliverFor(10)
      world.fate.before = () => {
        throw new Error('down')
      }
      await world.deliveries.revise(id, view('new'))
      delete world.fate.before
      expect(world.posted.map(({ text }) => text)).toEqual(['hello'])
      await world.deliverFor(60)
      expect(world.posted.map(({ text }) => text)).toEqual(['new'])
      expect(await world.deliveries.nextDueAt()).toBeUndefined()
    })

    test('revised while it is being posted: brought up to date at once', async () => {
      await world.deliveries.owe([draft()])
      world.fate.after = async () => {
        delete world.fate.after
        await world.deliveries.revise(id, view('new'))
      }
      await world.deliverFor(10)
      expect(world.posted.map(({ text }) => text)).toEqual(['new'])
    })

    test('revising what does not exist does nothing', async () => {
      await world.deliveries.revise({ ...id, purpose: 'other' }, view('new'))
      expect(await world.states()).toEqual([])
    })

    test('withdrawn: what waits is dropped, what was sent stays', async () => {
      await world.deliveries.owe([draft({ purpose: 'a' }), draft({ purpose: 'b' })])
      await world.deliveries.runDue()
      await world.deliveries.withdraw('rheinfurt', id.cause)
      await world.deliverFor(60)
      expect(await world.states()).toEqual(['sent', 'dropped: withdrawn'])
    })

    test('a channel that was disconnected gets nothing', async () => {
      await world.deliveries.owe([draft()])
      const aylin = (await world.networks.member('rheinfurt', 'aylin'))!
      await world.networks.unbind(aylin, TEAM)
      await world.deliverFor(60)
      expect(await world.states()).toEqual(['dropped: space-unbound'])
    })

    test('who joins while a message waits for the morning gets it', async () => {
      world.clock.moveTo(at('2026-11-24T20:00:00Z'))
      await world.deliveries.owe([member('newcomer')])
      const withAccount = NETWORK.replace(
        'partner: city }\nspaces',
        'partner: city, accounts: [{ slack: T0TOWN/U0NEW }] }\nspaces',
      )
      await world.networks.importFile(withAccount)
      await world.deliverFor(24 * 3600)
      expect(world.posted.map(({ to }) => to)).toEqual(['U0NEW'])
    })

    test('who leaves leaves no delivery behind', async () => {
      await world.deliveries.owe([member('jonas'), member('aylin')])
      await world.networks.leave((await world.networks.member('rheinfurt', 'jonas'))!)
      await world.deliveries.owe([member('jonas', { purpose: 'again' })])
      await world.deliverFor(60)
      expect(world.posted.map(({ to }) => to)).toEqual(['U0AYLIN'])
      expect(await world.states()).toEqual(['sent'])
    })
  })

  describe('asking', () => {
    test('an ask over the limit is dropped, one to be asked later waits, others go', async () => {
      const later = new Date('2026-11-26T09:00:00Z')
      const asked: unknown[] = []
      const { deliveries } = world.createReplica({
        recheck: async (ask) => {
          asked.push(ask)
          if (ask.member === 'jonas') return 'drop'
          return world.clock.now().epochMilliseconds < later.getTime() ? later : 'send'
        },
      })
      const ask = 2 as const
      await deliveries.owe([
        member('jonas', { ask }),
        member('aylin', { ask }),
        member('marta'),
        draft({ ask }),
      ])
      await deliveries.runDue()
      expect(await world.states()).toEqual(['dropped: over-limit', 'pending', 'sent', 'sent'])
      expect(asked).toContainEqual({ network: 'rheinfurt', member: 'jonas', cause: draft().cause, weight: 2 })
      world.clock.moveTo(at('2026-11-26T09:00:00Z'))
      await deliveries.runDue()
      expect(world.posted.map(({ to }) => to).sort()).toEqual(['C0TEAM', 'U0AYLIN', 'marta'])
    })

    test('the other rooms hear of what reached a member, not of what stands in a channel', async () => {
      await world.deliveries.owe([member('aylin', { ask: 1 }), member('marta'), draft()])
      await world.deliverFor(10)
      expect(world.told.map((event) => ({ ...event, at: event.at.toISOString() }))).toEqual(
        expect.arrayContaining([
          {
            network: 'rheinfurt',
            member: 'aylin',
            cause: draft().cause,
            ask: true,
            weight: 1,
            at: '2026-11-24T09:00:00.000Z',
          },
        ]),
      )
      expect(world.told.map(({ member }) => member).sort()).toEqual(['aylin', 'marta'])
    })
  })

  describe('contents', () => {
    test('a language that is not shipped is named, in the default language of the network', async () => {
      await world.deliveries.owe([member('marta')])
      await world.deliverFor(10)
      expect(world.posted[0]!.text).toMatch(/^hello \/ polski .*Deutsch/)
    })

    test('are gone after thirty days; that it was sent stays on record', async () => {
      await world.deliveries.owe([draft()])
      await world.deliverFor(10)
      const bodies = () =>
        world.store.db
          .collection('deliveries')
          .find({ view: { $exists: true } })
          .toArray()
      await world.deliveries.reconcile()
      expect(await bodies()).toHaveLength(1)
      world.pass(31 * 24 * 3600)
      await world.deliveries.reconcile()
      expect(await bodies()).toHaveLength(0)
      expect(await world.states()).toEqual(['sent'])
    })
  })
})
