import '../requirements.js';
export { ChatGateway } from '../chat/chat.gateway.js';
