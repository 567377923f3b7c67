/**
 * The stores that tests run on: the embedded one always, and the server of MONGODB_TEST_URI where one is offered.
 * Each opening is a store of its own, empty; on a server a database with a name of its own, dropped when it is closed.
 */
import { randomId } from '../../src/kernel/ids.ts'
import { openStore, type Store } from '../../src/store/connect.ts'
import type { Feature, TestStore } from '../../src/store/store-suite-cases.ts'

// Seen with mongo-java-server 1.47. What it lacks says nothing about MongoDB, for which the code is right.
const LACKED_BY_MONGO_JAVA_SERVER: readonly Feature[] = [
  'partial indexes',
  'the pattern and value of a duplicate key',
  'the count of an insertion that failed in part',
  '$all on a value that is no array',
  'ranges that several elements of an array meet together',
]

async function mongodb(uri: string): Promise<TestStore> {
  const open = async (): Promise<Store> => {
    const store = await openStore({ mongodbUri: inDatabase(uri, `linkpin-test-${randomId()}`) })
    return {
      ...store,
      async close() {
        await store.db.dropDatabase()
        await store.close()
      },
    }
  }
  const store = await open()
  const build = await store.db.db!.admin().buildInfo()
  await store.close()
  // MongoDB says from which commit it was built; mongo-java-server says next to nothing of itself.
  return build.gitVersion
    ? { name: `MongoDB ${build.version}`, open, lacks: [] }
    : { name: 'mongo-java-server', open, lacks: LACKED_BY_MONGO_JAVA_SERVER }
}

const inDatabase = (uri: string, name: string): string =>
  uri.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`)

const uri = process.env.MONGODB_TEST_URI

export const stores: readonly TestStore[] = [
  { name: 'embedded', open: () => openStore({ dataFolder: ':memory:' }), lacks: [] },
  ...(uri ? [await mongodb(uri)] : []),
]
