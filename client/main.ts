import { createApp } from 'vue'
import * as z from 'zod'
import App from './App.vue'
import './styles/tokens.css'
import './styles/base.css'
import './styles/prose.css'
import 'virtual:uno.css'

// The page's Content-Security-Policy forbids compiling code, which zod would otherwise try.
z.config({ jitless: true })

createApp(App).mount('#app')
