import type { Door } from './index'
export async function mockDoor(): Promise<Door> { throw new Error('x') }
