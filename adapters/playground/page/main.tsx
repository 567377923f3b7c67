import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { TextsProvider } from './texts.tsx'

const place = document.getElementById('page')
if (place) {
  createRoot(place).render(
    <TextsProvider>
      <App />
    </TextsProvider>,
  )
}
