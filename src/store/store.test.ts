import { storeSuite } from './store-suite.ts'

storeSuite('embedded', () => ({ dataFolder: ':memory:' }))

// The same suite against a real MongoDB, where one is offered.
const mongodbUri = process.env.MONGODB_TEST_URI
if (mongodbUri) storeSuite('MongoDB', () => ({ mongodbUri }))
