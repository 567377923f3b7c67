/** The products Linkpin lives in. */
export type Platform = 'slack' | 'teams'

/** A member's identity on a platform: who, in which Slack workspace or Entra tenant. */
export interface Account {
  platform: Platform
  tenant: string
  userId: string
}

/** Where a message goes: a channel by its conversation id, or the direct chat with a user by the user's id. */
export interface Address {
  platform: Platform
  tenant: string
  kind: 'channel' | 'direct'
  id: string
}

/** The account as one key: `slack|T0CITY|U0AYLIN`. */
export const accountKey = (account: Account): string =>
  [account.platform, account.tenant, account.userId].join('|')

/** The address as one key: `teams|contoso|channel|19:abc@thread.tacv2`. */
export const addressKey = (address: Address): string =>
  [address.platform, address.tenant, address.kind, address.id].join('|')

/** The direct chat with the person who holds an account. */
export const directTo = (account: Account): Address => ({
  platform: account.platform,
  tenant: account.tenant,
  kind: 'direct',
  id: account.userId,
})
