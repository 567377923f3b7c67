import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

// What Linkpin brings along from others: locked and whole, under licences that allow it, and with nothing that runs while
// it is installed.

interface Locked {
  resolved?: string
  integrity?: string
  license?: string
  dev?: boolean
  optional?: boolean
}

interface Manifest {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> }
const brought = Object.entries(packages).filter(([path]) => path !== '')

const LICENCES = [
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC-BY-3.0', 'ISC', 'MIT'],
  ...['MPL-2.0', 'PSF-2.0', 'Unlicense'],
]
/** Bitstream Vera's, for DejaVu: free to use and to hand on with a program. */
const LOOKED_AT = ['node_modules/dejavu-fonts-ttf']

test('the lock file is that of the package, and everything in it is whole', () => {
  const { dependencies, devDependencies } = read('package.json') as Manifest
  expect(packages['']).toMatchObject({ dependencies, devDependencies })
  // What only other kinds of machines need may have been seen by name alone.
  const loose = brought.filter(
    ([, { integrity, optional }]) => !optional && !integrity?.startsWith('sha512-'),
  )
  expect(loose.map(([path]) => path)).toEqual([])
  const fromElsewhere = brought.filter(([, { resolved }]) => resolved && !/^https:/.test(resolved))
  expect(fromElsewhere).toEqual([])
})

test('all that is shipped is under a licence that allows it', () => {
  const words = (license: string): string[] => license.replace(/[()]/g, '').split(/ (?:OR|AND) /)
  const shipped = brought.filter(
    ([path, { dev, integrity }]) => !dev && integrity && !LOOKED_AT.includes(path),
  )
  const others = shipped.filter(
    ([, { license = 'none' }]) => !words(license).every((word) => LICENCES.includes(word)),
  )
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
})

test('nothing of it runs while it is installed, neither here nor in the image', () => {
  expect(readFileSync('.npmrc', 'utf8')).toContain('ignore-scripts=true')
  expect(readFileSync('Dockerfile', 'utf8')).toMatch(/COPY .*\.npmrc.*\nRUN npm ci/)
})
