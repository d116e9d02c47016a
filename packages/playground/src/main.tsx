import { createRoot } from 'react-dom/client';

import { App } from './app.tsx';
import './page.css';

const page = document.querySelector('#page');
if (page) createRoot(page).render(<App />);
