// The whole library in one file: loaded in a tenth of a second, where its many modules take two.
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts'
}
