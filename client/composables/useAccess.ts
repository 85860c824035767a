import type { DeviceView, NewToken, TokenView } from '#shared/protocol/access.ts'
import { onMounted, ref, shallowRef } from 'vue'
import { accessApi, AccessError } from '../state/access-api.ts'

/** The person's devices and tokens. They are no rows: they are asked for when somebody looks, and changed at the edge at once. */
export function useAccess() {
  const devices = shallowRef<DeviceView[]>([])
  const tokens = shallowRef<TokenView[]>([])
  const thisDevice = ref('')
  const problem = ref<string | null>(null)
  /** Shown once, right after it was made. */
  const made = ref<string | null>(null)

  async function load() {
    const [theirs, given] = await Promise.all([accessApi.devices(), accessApi.tokens()])
    devices.value = theirs.devices
    thisDevice.value = theirs.thisDevice
    tokens.value = given.tokens
  }

  async function attempt(act: () => Promise<unknown>) {
    problem.value = null
    try {
      await act()
      await load()
    }
    catch (error) {
      if (!(error instanceof AccessError))
        throw error
      problem.value = error.message
    }
  }

  onMounted(() => attempt(async () => {}))
  return {
    devices,
    tokens,
    thisDevice,
    problem,
    made,
    reload: () => attempt(async () => {}),
    revokeDevice: (id: string) => attempt(() => accessApi.revokeDevice(id)),
    revokeToken: (id: string) => attempt(() => accessApi.revokeToken(id)),
    createToken: (wanted: NewToken) => attempt(async () => {
      made.value = (await accessApi.createToken(wanted)).token
    }),
  }
}
