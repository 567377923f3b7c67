import { z } from 'zod'
import type { Account, Address } from '../../src/kernel/address.ts'
import { fingerprint } from '../../src/kernel/ids.ts'

// Visible characters: what is none could not be stored, and was never Teams'.
const id = z
  .string()
  .min(1)
  .max(500)
  .regex(/^\P{C}*$/u)
// Some connectors write `null` for what they have not got.
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined)
// One entry that cannot be read does not hide the others.
const list = <T extends z.ZodType>(entry: T) =>
  optional(z.array(entry.nullable().catch(null)))
    .transform((entries) => entries?.filter((found) => found !== null))
    .catch(undefined)

/** What Linkpin reads of an activity. Everything else, whatever it is, stays unread. */
export const activitySchema = z.object({
  type: z.string().max(100),
  id: optional(id),
  name: optional(z.string().max(200)),
  action: optional(z.string().max(100)),
  timestamp: optional(z.string().max(60)),
  channelId: z.string().max(100),
  serviceUrl: z.string().max(300),
  locale: optional(z.string().max(35)).catch(undefined),
  text: optional(z.string()).catch(undefined),
  from: z.object({ id, aadObjectId: optional(id), role: optional(z.string().max(50)) }),
  recipient: z.object({ id }),
  conversation: z.object({
    id,
    conversationType: optional(z.string().max(50)),
    tenantId: optional(id),
  }),
  channelData: optional(
    z.object({
      tenant: optional(z.object({ id })),
      team: optional(z.object({ id })),
      settings: optional(z.object({ selectedChannel: optional(z.object({ id })) })),
    }),
  ).catch(undefined),
  membersAdded: list(z.object({ id })),
  membersRemoved: list(z.object({ id })),
  entities: list(
    z.object({
      type: z.string(),
      text: optional(z.string()),
      mentioned: optional(z.object({ id: optional(z.string()) })),
      timezone: optional(z.string().max(60)),
    }),
  ),
  replyToId: optional(id).catch(undefined),
  value: optional(z.unknown()),
})

export type Activity = z.infer<typeof activitySchema>

/** Who did something, and where: from the verified envelope only. */
export interface Scene {
  tenant: string
  account: Account
  place: Address
  personal: boolean
  requestId: string
  locale?: string
  zone?: string
}

/** The tenant of an activity; undefined where it names none, or two (then somebody is where they do not belong). */
export function tenantOf({ conversation, channelData }: Activity): string | undefined {
  const tenants = new Set(
    [conversation.tenantId, channelData?.tenant?.id].filter((tenant) => tenant !== undefined),
  )
  return tenants.size === 1 ? [...tenants][0] : undefined
}

/** @param tenant the activity's, from `tenantOf` */
export function sceneOf(activity: Activity, tenant: string): Scene {
  const personal = activity.conversation.conversationType === 'personal'
  // The Entra object id is stable and can be looked up; Teams' own user ids differ from bot to bot.
  const userId = activity.from.aadObjectId ?? activity.from.id
  return {
    tenant,
    account: { platform: 'teams', tenant, userId },
    place: {
      platform: 'teams',
      tenant,
      kind: personal ? 'direct' : 'channel',
      id: personal ? userId : channelOf(activity.conversation.id),
    },
    personal,
    requestId: requestIdOf(activity),
    locale: activity.locale,
    zone: activity.entities?.find(({ type }) => type === 'clientInfo')?.timezone,
  }
}

/** The channel of a conversation id: without the thread. */
export const channelOf = (conversationId: string): string => conversationId.split(';')[0] ?? conversationId

// Repeated requests carry the same activity id; the fingerprint keeps apart what a client sends under one.
function requestIdOf({ conversation, id: activityId, timestamp, name, value }: Activity): string {
  const content = value === undefined ? '' : fingerprint(JSON.stringify([name, value]))
  return [conversation.id, activityId ?? timestamp ?? '', content].join('|')
}

/** True where the bot is addressed: always in a personal chat, elsewhere by a mention. */
export const addressed = (activity: Activity, personal: boolean): boolean =>
  personal || mentionsOf(activity).length > 0

/** What was typed, without the mention of the bot and the markup that formatted messages come in. */
export function typedText(activity: Activity): string {
  let text = activity.text ?? ''
  for (const mention of mentionsOf(activity)) if (mention.text) text = text.replaceAll(mention.text, ' ')
  return text
    .replace(/<\/?[a-z][^<>]*>|&nbsp;|\u00a0/gi, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .trim()
}

const mentionsOf = ({ entities, recipient }: Activity): { text?: string }[] =>
  (entities ?? []).filter(({ type, mentioned }) => type === 'mention' && mentioned?.id === recipient.id)

/** True where the bot itself is among those added or removed. */
export const isBotIn = (members: { id: string }[] | undefined, { recipient }: Activity): boolean =>
  members?.some((member) => member.id === recipient.id) ?? false
