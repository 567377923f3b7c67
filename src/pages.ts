import { readFileSync } from 'node:fs'
import { Router } from 'express'
import MarkdownIt from 'markdown-it'

// App stores ask for these two addresses, and members have a right to them.
const PAGES = ['privacy', 'terms']

const STYLE = `body{max-width:46rem;margin:3rem auto;padding:0 1rem;font:1.05rem/1.6 system-ui,sans-serif;color-scheme:light dark}
table{border-collapse:collapse}td,th{border:1px solid #8886;padding:.4rem .6rem;text-align:left;vertical-align:top}`

/** `/privacy` and `/terms`, from `docs/`. */
export function createPages(): Router {
  const router = Router()
  const markdown = new MarkdownIt()
  for (const page of PAGES) {
    const text = readFileSync(new URL(`../docs/${page}.md`, import.meta.url), 'utf8')
    const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Linkpin: ${page}</title><style>${STYLE}</style><body>${markdown.render(text)}</body></html>`
    router.get(`/${page}`, (_request, response) => {
      response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'").send(html)
    })
  }
  return router
}
