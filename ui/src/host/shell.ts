// The way through Tauri: one command and one channel.
import { Channel, invoke } from '@tauri-apps/api/core'

import type { Push } from './bindings/Push'
import type { Response } from './bindings/Response'
import type { Door } from './index'

export const shellDoor: Door = {
  call: (request) => invoke<Response>('call', { request }),
  async subscribe(take) {
    const channel = new Channel<Push[]>()
    channel.onmessage = take
    await invoke('subscribe', { channel })
  },
}
