import { render } from 'preact';
import { App } from './app/app';
import { applyTheme } from './app/theme';
import './styles.css';

applyTheme();
const root = document.getElementById('studio');
if (root !== null) render(<App />, root);
