import mongoose from 'mongoose'
import './closed-sockets.ts'
import { embeddedDriver } from './embedded/driver.ts'

/** Where Linkpin keeps everything. */
export interface Store {
  /** Rooms create their models with `db.model(name, schema)`. */
  db: mongoose.Connection
  kind: 'mongodb' | 'embedded'
  /** Resolves when all collections and indexes of the models made so far exist; throws when one cannot exist. */
  ready(): Promise<void>
  /** Throws when the store cannot be read from or written to. */
  ping(): Promise<void>
  /** Deletes what TTL indexes say has expired by `now`. MongoDB does that by itself, on its own clock. */
  sweep(now: Date): Promise<void>
  close(): Promise<void>
}

/** Where to keep it: a MongoDB, or a folder of this machine (`:memory:` keeps nothing: for tests). */
export type StoreSettings = { mongodbUri: string } | { dataFolder: string }

/**
 * Opens a store. Several may be open in one process, each with models of its own.
 * @throws Error when the MongoDB cannot be reached, or the folder is in use by another Linkpin
 */
export async function openStore(settings: StoreSettings): Promise<Store> {
  return 'mongodbUri' in settings ? openMongo(settings.mongodbUri) : openEmbedded(settings.dataFolder)
}

function newMongoose(): mongoose.Mongoose {
  const instance = new mongoose.Mongoose({
    // Not `true`, which drops a misspelt field from a filter: deleteMany({ netwrok }) would then delete everything.
    strictQuery: 'throw',
    // Filters are written by us: what comes from outside is parsed to plain values at the border, and schemas cast it.
    autoIndex: true,
    autoCreate: true,
  })
  // What was stored as an empty object comes back as one.
  instance.plugin((schema) => void schema.set('minimize', false))
  return instance
}

async function openMongo(uri: string): Promise<Store> {
  const db = await newMongoose()
    .createConnection(uri, {
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      retryWrites: true,
      serverSelectionTimeoutMS: 5000,
      // An operation during an outage fails after those five seconds instead of piling up.
      bufferCommands: false,
    })
    .asPromise()
  return {
    db,
    kind: 'mongodb',
    ready: () => ready(db),
    async ping() {
      await db
        .collection<{ _id: string }>('pings')
        .updateOne({ _id: 'ping' }, { $inc: { count: 1 } }, { upsert: true })
    },
    sweep: async () => {},
    close: () => db.close(),
  }
}

async function openEmbedded(dataFolder: string): Promise<Store> {
  const instance = newMongoose()
  instance.setDriver(embeddedDriver as never)
  const db = await instance.createConnection(dataFolder).asPromise()
  const { embedded } = db as unknown as InstanceType<typeof embeddedDriver.Connection>
  return {
    db,
    kind: 'embedded',
    ready: () => ready(db),
    ping: async () => embedded.ping(),
    sweep: async (now) => embedded.sweep(now),
    close: () => db.close(),
  }
}

async function ready(db: mongoose.Connection): Promise<void> {
  await Promise.all(Object.values(db.models).map((model) => model.init()))
}
