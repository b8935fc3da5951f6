import '../requirements.js';
export { ChatGateway } from '../chat/chat.gateway.js';
export { ResponsesGateway } from '../openai/socket/responses.gateway.js';
