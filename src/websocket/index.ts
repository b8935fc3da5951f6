export { ChatGateway } from '../chat/chat.gateway.js';
