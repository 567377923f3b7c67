/**
 * An invented network of any size, on both products and in two languages.
 * @param size members, called `m-1` (the coordinator), `m-2`, ...
 * @returns its file; its only team channel is called `team`
 */
export const smallNetwork = (size: number): string => `
id: small
name: Kleines Netzwerk
zone: Europe/Berlin
languages: [ de, en ]
quietHours: { from: '18:00', to: '08:00' }
weekend: [ 6, 7 ]
phase: first-steps
partners:
  - id: city
    name: Stadt
    type: formal
    sector: municipality
    level: strategic
    category: core-member
members:
${Array.from({ length: size }, (_, index) => memberOf(index)).join('')}
spaces:
  - kind: team
    name: team
    language: en
    slack: T0SMALL/C0TEAM
`

const memberOf = (index: number): string => `
  - id: m-${index + 1}
    name: Person ${index + 1}
    partner: city
    language: ${index % 3 === 2 ? 'en' : 'de'}
${index === 0 ? '    coordinator: true\n' : ''}    accounts:
      - ${index % 2 === 0 ? `slack: T0SMALL/U0M${index + 1}` : `teams: 7c1f6a52-3d0b-4b8e-9a64-0e5f2b7d9c31/${uuid(index)}`}
`

const uuid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
