import { stores } from '../../tests/support/stores.ts'
import { storeSuite } from './store-suite.ts'

for (const store of stores) storeSuite(store)
