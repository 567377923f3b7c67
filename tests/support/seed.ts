import fc from 'fast-check'

// The same invented cases in every run, so that a failure comes from the change at hand; `npm run fuzz` looks for new ones.
const ALWAYS = 20_261_121

const { FUZZ_SEED } = process.env
fc.configureGlobal({ seed: FUZZ_SEED === undefined ? ALWAYS : Number(FUZZ_SEED) })
