import '../requirements.js';
export { type ScriptedCall, ScriptedModel, type ScriptedTurn } from './scripted.model.js';
export { createTestApp, type TestApp, type TestAppOptions } from './test.app.js';
