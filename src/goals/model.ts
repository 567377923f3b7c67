import { Schema, type Connection, type SchemaDefinition } from 'mongoose'
import { isOpen, type Goal } from './agreement.ts'
import { content } from './content.ts'

interface GoalDoc extends Omit<Goal, 'id'> {
  _id: string
  /** One of the few places for open goals that a network has; unique while `open`. */
  place: number
  open: boolean
  version: number
}

/** The goals in the store: one document each. */
export interface Goals {
  /** All goals of a network, the oldest first. */
  list(network: string): Promise<Goal[]>
  read(network: string, id: string): Promise<Goal | undefined>
  /** Adds a proposal. False where all places for open goals are taken. */
  add(goal: Goal): Promise<boolean>
  /**
   * Applies a rule in one durable write; where somebody else was quicker, it is applied again to what they left.
   * A rule that gives back the same goal writes nothing. Nothing comes back where there is no such goal.
   */
  change(
    network: string,
    id: string,
    rule: (goal: Goal) => Goal,
  ): Promise<{ before: Goal; goal: Goal } | undefined>
}

const ATTEMPTS = 20
const DUPLICATE_KEY = 11000

const part = (definition: SchemaDefinition): Schema => new Schema(definition, { _id: false })

const wording: SchemaDefinition = {
  title: String,
  change: String,
  why: String,
  firstSign: String,
  possibleHarm: String,
  by: String,
}

const fields: SchemaDefinition = {
  _id: { type: String, required: true },
  network: { type: String, required: true },
  place: { type: Number, required: true },
  open: { type: Boolean, required: true },
  version: { type: Number, required: true },
  ...wording,
  edition: { type: Number, required: true },
  earlier: [part(wording)],
  lead: { type: String, default: null },
  leadPartner: { type: String, required: true },
  leadChanges: { type: Number, required: true },
  supporters: [String],
  stances: [part({ partner: String, stance: String })],
  state: { type: String, required: true },
  proposedAt: { type: Date, required: true },
  restsUntil: { type: String, default: null },
  reviews: [
    part({
      at: Date,
      status: String,
      confidence: Number,
      sign: String,
      obstacle: String,
      next: String,
      rightGoal: String,
      sideEffects: String,
    }),
  ],
  round: { type: part({ cause: String, answered: Boolean }), default: null },
  asks: [part({ cause: String, purpose: String, member: String })],
}

const schema = new Schema<GoalDoc>(fields, { versionKey: false })
  .index({ network: 1 })
  .index({ network: 1, place: 1 }, { unique: true, partialFilterExpression: { open: true } })

const PLACES = Array.from({ length: content.limits.maxActive }, (_, index) => index + 1)

/** @throws Error from `change` when the goal was changed by others every time */
export function createGoalStore(db: Connection): Goals {
  const model = db.model<GoalDoc>('Goal', schema, 'goals')

  return {
    list: async (network) =>
      (await model.find({ network }).sort({ proposedAt: 1, _id: 1 }).lean<GoalDoc[]>()).map(toGoal),

    async read(network, id) {
      const doc = await model.findOne({ _id: id, network }).lean<GoalDoc>()
      return doc ? toGoal(doc) : undefined
    },

    async add({ id, ...goal }) {
      for (const place of PLACES) {
        try {
          await model.create({ _id: id, ...goal, place, open: true, version: 1 })
          return true
        } catch (error) {
          if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error
        }
      }
      return false
    },

    async change(network, id, rule) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const doc = await model.findOne({ _id: id, network }).lean<GoalDoc>()
        if (!doc) return undefined
        const before = toGoal(doc)
        const goal = rule(before)
        if (goal === before) return { before, goal }
        const { id: _id, ...rest } = goal
        const { modifiedCount } = await model.updateOne(
          { _id, network, version: doc.version },
          { $set: { ...rest, open: isOpen(goal), version: doc.version + 1 } },
        )
        if (modifiedCount === 1) return { before, goal }
      }
      throw new Error(`the goal ${id} changes too fast`)
    },
  }
}

const toGoal = ({ _id, place: _place, open: _open, version: _version, ...rest }: GoalDoc): Goal => ({
  id: _id,
  ...rest,
})
