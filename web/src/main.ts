import { createApp } from 'vue'
import App from './App.vue'
import './look/tokens.css'
import './look/base.css'
import { tie } from './state/view'

tie()
createApp(App).mount('#app')
