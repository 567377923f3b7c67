import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import express from 'express'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { createPlayground, type Playground } from '../adapters/playground/server.ts'
import { addressKey } from '../src/kernel/address.ts'
import { movableClock } from '../src/kernel/clock.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { loadTexts } from '../src/i18n/texts.ts'
import { openStore, type Store } from '../src/store/connect.ts'
import { findChromium, openBrowser } from './support/browser.ts'
import {
  NETWORK,
  POLICE,
  scriptedConversation,
  scriptedNetworks,
  sheet,
  START,
  TEAM,
} from './support/scripted.ts'

const direct = { platform: 'slack', tenant: 'T0STADT', kind: 'direct', id: 'U0AYLIN' } as const

let store: Store
let playground: Playground
let server: Server
let base: string
const conversation = scriptedConversation()
const clock = movableClock(START)

beforeAll(async () => {
  store = await openStore({ dataFolder: ':memory:' })
  playground = createPlayground({
    conversation,
    networks: scriptedNetworks,
    clock,
    texts: await loadTexts('locales'),
    log: createLogger('silent'),
    db: store.db,
    network: NETWORK.id,
    async advance(to) {
      clock.moveTo(to)
      await playground.messenger.post(TEAM, sheet(), { deliveryId: `nudge ${to.toString()}` })
    },
  })
  server = createServer(express().use('/playground', playground.router)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/playground/`
  await playground.messenger.post(TEAM, sheet(), { deliveryId: 'one' })
  await playground.messenger.post(POLICE, sheet(), { deliveryId: 'two' })
  await playground.messenger.post(direct, sheet(), { deliveryId: 'three' })
})

afterAll(async () => {
  playground.close()
  await new Promise((resolve) => server.close(resolve))
  await store.close()
})

const post = (path: string, body: unknown, headers: Record<string, string> = { 'X-Linkpin': 'playground' }) =>
  fetch(base + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

describe('the messenger of the playground', () => {
  test('reaches the channels and members of its network, and nobody else', async () => {
    const { messenger } = playground
    expect(await messenger.serves(TEAM)).toBe(true)
    expect(await messenger.serves(direct)).toBe(true)
    expect(await messenger.serves({ ...direct, id: 'U0NOBODY' })).toBe(false)
    expect(await messenger.serves({ ...TEAM, tenant: 'T0OTHER' })).toBe(false)
  })

  test('keeps a message once, and refuses to update one that is gone', async () => {
    const ref = await playground.messenger.post(TEAM, sheet(), { deliveryId: 'one' })
    await playground.messenger.update(TEAM, ref, sheet())
    const query = new URLSearchParams({ space: addressKey(TEAM), member: 'jonas', limit: '50' })
    const { messages } = (await (await fetch(`${base}api/messages?${query}`)).json()) as {
      messages: unknown[]
    }
    expect(messages).toHaveLength(1)
    await expect(playground.messenger.update(TEAM, { message: 'gone' }, sheet())).rejects.toThrow(
      'message_not_found',
    )
  })
})

describe('the doors of the playground', () => {
  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(base)
      request({ hostname, port, path: '/playground/api/network', headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })

  test('answers under names of the machine itself only', async () => {
    expect(await statusFor('localhost:3000')).toBe(200)
    expect(await statusFor('[::1]:3000')).toBe(200)
    expect(await statusFor('evil.example')).toBe(403)
    expect(await statusFor('localhost.evil.example:3000')).toBe(403)
  })

  test('takes changes from its own page only', async () => {
    expect((await post('api/clock', { step: 'PT1H' }, {})).status).toBe(403)
    expect(clock.now().equals(START)).toBe(true)
  })

  const jonas = { member: 'jonas', space: addressKey(TEAM) }
  const help = { kind: 'command', text: 'help' }
  test.each([
    ['what is no act at all', 'act', jonas, 400],
    ['somebody unknown', 'act', { ...jonas, member: 'nobody', what: help }, 403],
    ['a channel of another workspace', 'act', { ...jonas, space: addressKey(POLICE), what: help }, 403],
    ['the direct chat of somebody else', 'act', { ...jonas, space: addressKey(direct), what: help }, 403],
    ['a form that is not open', 'form', { form: 'x', platform: 'slack', payload: {} }, 410],
    [
      'a press on nothing of ours',
      'act',
      { ...jonas, what: { kind: 'press', platform: 'teams', payload: { data: 1 } } },
      400,
    ],
    ['a body that is too large', 'act', { ...jonas, what: { ...help, text: 'x'.repeat(300_000) } }, 400],
    ['a step of another length', 'clock', { step: 'P100Y' }, 400],
  ])('refuses %s', async (_what, path, body, status) => {
    const told = conversation.told.length
    const response = await post(`api/${path}`, body)
    expect({ status: response.status, body: await response.json() }).toEqual({
      status,
      body: { error: expect.any(String) },
    })
    expect(conversation.told).toHaveLength(told)
  })
})

const chromium = findChromium()
;(chromium ? describe : describe.skip)('the page of the playground', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let troubles: string[]

  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '')
  })
  afterAll(() => browser.close())

  beforeEach(async () => {
    await context?.close()
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      colorScheme: 'light',
    })
    page = await context.newPage()
    page.setDefaultTimeout(15_000)
    troubles = []
    page.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())) troubles.push(line.text())
    })
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('request', (sent) => {
      if (!sent.url().startsWith(base) && !sent.url().startsWith('data:')) troubles.push(sent.url())
    })
    await page.goto(base)
  })

  const as = async (name: RegExp, place: string): Promise<void> => {
    await page.getByRole('navigation', { name: 'Members' }).getByRole('button', { name }).click()
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: place }).click()
  }
  const shownIn = (platform: string): Locator => page.getByRole('article', { name: platform }).first()
  const dialog = (): Locator => page.getByRole('dialog')

  test('a press in either rendering shows in both', async () => {
    await page.getByRole('button', { name: 'Begin as Aylin Demir' }).click()
    await as(/Aylin Demir/, '#prevention-team')
    await shownIn('In Slack').getByRole('button', { name: 'Mostly' }).click()
    await shownIn('In Teams')
      .getByRole('button', { name: /^✓ [34]$/ })
      .waitFor()
    await shownIn('In Teams').getByRole('button', { name: '2', exact: true }).click()
    await shownIn('In Slack').getByRole('button', { name: '✓ A little' }).waitFor()
    const { account, place, what } = conversation.told.at(-1) ?? {}
    expect({ account, place, what }).toEqual({
      account: { platform: 'slack', tenant: 'T0STADT', userId: 'U0AYLIN' },
      place: TEAM,
      what: { kind: 'press', action: { name: 'pulse.answer', args: { item: 'i1', value: 2 } } },
    })
    expect(troubles).toEqual([])
  })

  test('a form shows mistakes beside their fields and loses nothing, in either rendering', async () => {
    await as(/Aylin Demir/, 'Prevention team Teams')
    await shownIn('In Teams').getByRole('button', { name: 'Plan a meeting' }).click()
    await dialog().getByRole('textbox', { name: 'Topic' }).fill('Everything')
    await dialog().getByRole('textbox', { name: 'Notes' }).fill('Bring coffee')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().getByText('→ Could this be smaller?').waitFor()
    await dialog().getByRole('radio', { name: 'Large' }).click()
    await dialog().getByRole('button', { name: 'In Slack' }).click()
    expect(await dialog().getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('Bring coffee')
    expect(await dialog().getByRole('radio', { name: 'Large' }).isChecked()).toBe(true)
    await dialog().getByRole('button', { name: 'Save' }).click()
    const topic = dialog().getByRole('textbox', { name: 'Topic', description: /smaller/ })
    expect(await topic.getAttribute('aria-invalid')).toBe('true')
    await topic.fill('One thing')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().waitFor({ state: 'detached' })
    await shownIn('In Slack').getByText('Planned: One thing').waitFor()
    expect(conversation.told.at(-1)?.what).toMatchObject({
      kind: 'submit',
      values: { topic: 'One thing', notes: 'Bring coffee', size: 'large' },
    })
    expect(troubles).toEqual([])
  })

  test('what is typed is answered privately, and others do not see it', async () => {
    await as(/Aylin Demir/, '#prevention-team')
    await page.getByRole('textbox', { name: 'Write to Linkpin' }).fill('@Linkpin help')
    await page.keyboard.press('Enter')
    await page.getByRole('article', { name: 'In Teams' }).getByText('You said: help').waitFor()
    await page.getByRole('article', { name: 'In Slack' }).getByText('Only you see this').first().waitFor()
    await as(/Jonas Weber/, '#prevention-team')
    await shownIn('In Slack').getByText('How well do we know one another?').waitFor()
    expect(await page.getByText('You said: help').count()).toBe(0)
    expect(troubles).toEqual([])
  })

  test('one may look into a channel without being in it, but not act there', async () => {
    await as(/Jonas Weber/, 'Prevention team Teams')
    await page.getByText('Jonas Weber is not in this channel').waitFor()
    expect(await page.getByRole('textbox', { name: 'Write to Linkpin' }).count()).toBe(0)
  })

  test('a second account is the same person elsewhere', async () => {
    await as(/Aylin Demir/, 'Home')
    await shownIn('In Slack').getByText('Your network').waitFor()
    await page
      .getByRole('group', { name: 'Accounts of this person' })
      .getByRole('button', { name: /Teams/ })
      .click()
    await shownIn('In Slack').getByRole('button', { name: 'Later' }).click()
    await page.getByRole('button', { name: 'Open it' }).click()
    await page.getByText('No hurry.').first().waitFor()
    expect(conversation.told.at(-1)?.account).toEqual({
      platform: 'teams',
      tenant: 'polizei',
      userId: '29:aylin',
    })
    expect(troubles).toEqual([])
  })

  test('time moves on, and what it brings appears by itself', async () => {
    await as(/Jonas Weber/, '#prevention-team')
    await shownIn('In Slack').waitFor()
    const before = await page.getByRole('article', { name: 'In Slack' }).count()
    await page.getByRole('button', { name: '1 week' }).click()
    await page
      .getByText(/Tuesday,? 1 December 2026/)
      .first()
      .waitFor()
    await page.getByRole('article', { name: 'In Slack' }).nth(before).waitFor()
    expect(clock.now().toString()).toBe('2026-12-01T08:00:00Z')
    expect(troubles).toEqual([])
  })

  test('speaks the chosen language and shows the chosen theme', async () => {
    await page.getByRole('combobox', { name: 'Language of this page' }).selectOption('de')
    await page.getByRole('heading', { name: 'Willkommen bei Rheinfurt' }).waitFor()
    await page.getByRole('button', { name: 'Zur dunklen Darstellung wechseln' }).click()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await page.reload()
    await page.getByRole('button', { name: 'Zur hellen Darstellung wechseln' }).waitFor()
    expect(troubles).toEqual([])
  })

  test('every control has a name, in the conversation and in both dialogs', async () => {
    await as(/Aylin Demir/, 'Direct chat Slack')
    await shownIn('In Slack').getByRole('button', { name: 'Plan a meeting' }).click()
    await dialog().waitFor()
    expect(await namelessControls(context, page)).toEqual([])
    await dialog().getByRole('button', { name: 'In Teams' }).click()
    await dialog().getByText('One line is enough.').waitFor()
    expect(await namelessControls(context, page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(await namelessControls(context, page)).toEqual([])
  })
})

const CONTROLS = ['button', 'textbox', 'combobox', 'radio', 'checkbox', 'link', 'Date', 'InputTime', 'dialog']

/** What a screen reader could not name. */
async function namelessControls(context: BrowserContext, page: Page): Promise<string[]> {
  const session = await context.newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  const controls = nodes.filter((node) => !node.ignored && CONTROLS.includes(String(node.role?.value)))
  expect(controls.length).toBeGreaterThan(5)
  return controls.filter((node) => !node.name?.value).map((node) => String(node.role?.value))
}
