/**
 * Where Microsoft answers for Teams, per cloud: public, GCC, GCC High, DoD, 21Vianet, and France's Bleu.
 * The bot's token is sent to the service URL of an activity, so nothing else may be written there. An exact list, no
 * wildcards: a host under somebody's subdomain of a large domain is not Teams.
 */
const MICROSOFT_HOSTS = [
  'smba.trafficmanager.net',
  'smba.onyx.prod.teams.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
  'frontend.botapi.msg.infra.teams.microsoftonline.cn',
  'smba.teams.sovcloud-core.fr',
]

/**
 * A check of service URLs.
 * @param extraHosts `host:port` of connectors besides Microsoft's, which may also speak plain http; for tests and
 *   local tools only
 */
export function serviceUrlCheck(extraHosts: string[] = []): (url: unknown) => url is string {
  return (url): url is string => {
    if (typeof url !== 'string' || url.length > 300 || !URL.canParse(url)) return false
    const { protocol, host, username, password, search, hash } = new URL(url)
    if (username || password || search || hash) return false
    if (extraHosts.includes(host)) return protocol === 'https:' || protocol === 'http:'
    return protocol === 'https:' && MICROSOFT_HOSTS.includes(host)
  }
}
