import type { ActionRef, Field, Form, FormValues, View } from '../../src/views/view.ts'
import * as slackCodec from '../slack/codec.ts'
import * as slack from '../slack/render.ts'
import * as teamsCodec from '../teams/codec.ts'
import * as teams from '../teams/render.ts'
import type { Message } from './messages.ts'
import type { WireForm, WireHome, WireMessage } from './wire.ts'

// Everything is drawn by the adapters' own renderers and read back by their own codecs: what is seen here is what they send.

type Platform = 'slack' | 'teams'

// Slack fetches pictures from an address; in the page they come along.
const picture = (png: string): { image_url: string } => ({ image_url: `data:image/png;base64,${png}` })

/** One message as one member sees it. */
export function drawMessage({ _id, at, by, said, view, onlyFor }: Message): WireMessage {
  return {
    id: _id,
    at: at.toISOString(),
    by,
    said,
    onlyYou: onlyFor !== undefined,
    ...(view && {
      summary: view.summary,
      slack: { blocks: slack.renderMessage(view, picture).blocks },
      teams: teams.renderMessage(view),
    }),
  }
}

export const drawHome = (view: View): WireHome => ({
  slack: { blocks: slack.renderHome(view, picture).blocks },
  teams: teams.renderMessage(view),
})

/**
 * A form as both platforms show it.
 * @param values what was typed so far; without it the form's own values stand
 * @param errors field id to text
 */
export function drawForm(
  id: string,
  form: Form,
  values?: FormValues,
  errors: Record<string, string> = {},
): WireForm {
  return {
    id,
    title: form.title,
    slack: slack.renderForm(values ? filled(form, values) : form),
    teams: teams.renderForm(form, { values, errors }),
    errors,
  }
}

const filled = (form: Form, values: FormValues): Form => ({
  ...form,
  fields: form.fields.map((field) => ({ ...field, value: values[field.id] }) as Field),
})

/** What a press means; undefined where it is no button of ours. */
export function readPress(platform: Platform, payload: unknown): ActionRef | undefined {
  return platform === 'slack'
    ? slackCodec.readPress(payload)
    : (teamsCodec.readExecute(payload) ?? teamsCodec.readTaskFetch(payload)?.action)
}

/** What was filled in; undefined where it cannot be read. */
export function readSubmit(platform: Platform, payload: unknown): FormValues | 'cancel' | undefined {
  if (platform === 'slack') return slackCodec.readSubmission(payload)?.values
  const submission = teamsCodec.readSubmission(payload)
  if (submission?.kind === 'cancel') return 'cancel'
  return submission?.kind === 'submit' ? submission.values : undefined
}

/** What was typed so far in a form that was not sent off. Teams' inputs come alone: the form knows the rest. */
export function readTyped(platform: Platform, form: Form, payload: unknown): FormValues | undefined {
  const whole =
    platform === 'slack'
      ? payload
      : { data: { ...(payload as object), ...teamsCodec.submitData(form.action, form.openedBy) } }
  const values = readSubmit(platform, whole)
  return values === 'cancel' ? undefined : values
}
