import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import type { BotSettings } from '../../adapters/teams/bot-framework.ts'

export const ISSUER = 'https://api.botframework.com'

/** How a token differs from a good one. */
export interface TokenTwist {
  claims?: JWTPayload
  kid?: string
  /** A key of our own making instead of Microsoft's. */
  wrongKey?: boolean
  algorithm?: 'RS256' | 'HS256' | 'none'
  /** Changes the payload after signing. */
  tampered?: boolean
  /** Seconds from now; ten minutes ahead if left out. */
  expiresIn?: number
  notBefore?: number
  /** Signed with a key that is not endorsed for Teams. */
  unendorsed?: boolean
}

// Made once: an RSA key takes a while.
const newKeys = () => generateKeyPair('RS256', { extractable: true })
const madeKeys = Promise.all([newKeys(), newKeys(), newKeys()])

/** Microsoft's part in tokens: signing keys with their metadata, and the tokens the bot asks for. */
export async function createTokens(base: string, appId: string) {
  const [keys, others, stranger] = await madeKeys
  const jwk = async (key: CryptoKey, kid: string, endorsements: string[]) => ({
    ...(await exportJWK(key)),
    kid,
    use: 'sig',
    endorsements,
  })
  const jwks = {
    keys: [
      await jwk(keys.publicKey, 'key-1', ['msteams']),
      await jwk(others.publicKey, 'key-2', ['webchat']),
    ],
  }
  // The SDK caches metadata by address for a day: every server has an address of its own.
  const path = `/${randomUUID()}`
  const botToken = randomUUID()
  const url = base + path

  const authority: NonNullable<BotSettings['authority']> = {
    ToChannelFromBotLoginUrl: `${url}/login`,
    ToChannelFromBotOAuthScope: ISSUER,
    ToBotFromChannelTokenIssuer: ISSUER,
    ToBotFromChannelOpenIdMetadataUrl: `${url}/openid`,
    ToBotFromEmulatorOpenIdMetadataUrl: `${url}/openid`,
    OAuthUrl: `${url}/oauth`,
    CallerId: '',
    ValidateAuthority: 'false',
  }

  const credentialsFactory = {
    isValidAppId: async (id: string) => id === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      async signRequest(request: { headers: { set(name: string, value: string): void } }) {
        const response = await fetch(`${url}/token`, { method: 'POST' })
        const { access_token } = (await response.json()) as { access_token: string }
        request.headers.set('authorization', `Bearer ${access_token}`)
        return request
      },
    }),
  } as unknown as NonNullable<BotSettings['credentialsFactory']>

  return {
    authority,
    credentialsFactory,
    /** Answers requests for keys and tokens; undefined for all others. */
    answer(requestPath: string): object | undefined {
      if (requestPath === `${path}/openid`) return { issuer: ISSUER, jwks_uri: `${url}/keys` }
      if (requestPath === `${path}/keys`) return jwks
      if (requestPath === `${path}/token`) return { access_token: botToken, expires_in: 3600 }
      return undefined
    },
    isBotToken: (header: string | undefined): boolean => header === `Bearer ${botToken}`,
    /** The `Authorization` header of a request to the bot. */
    async header(serviceUrl: string, twist: TokenTwist = {}): Promise<string> {
      const now = Math.floor(Date.now() / 1000)
      const claims = {
        iss: ISSUER,
        aud: appId,
        serviceurl: serviceUrl,
        nbf: now + (twist.notBefore ?? -60),
        exp: now + (twist.expiresIn ?? 600),
        ...twist.claims,
      }
      const kid = twist.kid ?? (twist.unendorsed ? 'key-2' : 'key-1')
      if (twist.algorithm === 'none') {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
        return `Bearer ${part({ alg: 'none', kid, typ: 'JWT' })}.${part(claims)}.`
      }
      const key = twist.wrongKey
        ? stranger.privateKey
        : twist.unendorsed
          ? others.privateKey
          : keys.privateKey
      const token =
        twist.algorithm === 'HS256'
          ? await new SignJWT(claims)
              .setProtectedHeader({ alg: 'HS256', kid })
              .sign(new TextEncoder().encode(JSON.stringify(jwks.keys[0])))
          : await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
      if (!twist.tampered) return `Bearer ${token}`
      const [head, , signature] = token.split('.')
      const other = Buffer.from(JSON.stringify({ ...claims, extra: true })).toString('base64url')
      return `Bearer ${head}.${other}.${signature}`
    },
  }
}
