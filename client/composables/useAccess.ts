import type { DeviceView, NewToken, TokenView } from '#shared/protocol/access.ts'
import { onMounted, ref, shallowRef } from 'vue'
import { accessApi, AccessError } from '../state/access-api.ts'
import { useProblem } from './useProblem.ts'

/**
 * The person's devices and tokens. They are no rows: they are
 * asked for when somebody looks, and changed at the edge at once.
 */
export function useAccess() {
  const devices = shallowRef<DeviceView[]>([])
  const tokens = shallowRef<TokenView[]>([])
  const thisDevice = ref('')
  const { problem, attempt } = useProblem(AccessError)
  /** Shown once, right after it was made. */
  const made = ref<string | null>(null)

  async function load() {
    const [theirs, given] = await Promise.all([accessApi.devices(), accessApi.tokens()])
    devices.value = theirs.devices
    thisDevice.value = theirs.thisDevice
    tokens.value = given.tokens
  }

  /** Changes something at the edge, and shows the lists as they are then. */
  async function change(act: () => Promise<unknown>) {
    await attempt(async () => {
      await act()
      await load()
    })
  }

  onMounted(() => attempt(load))
  return {
    devices,
    tokens,
    thisDevice,
    problem,
    made,
    reload: () => attempt(load),
    revokeDevice: (id: string) => change(() => accessApi.revokeDevice(id)),
    revokeToken: (id: string) => change(() => accessApi.revokeToken(id)),
    createToken: (wanted: NewToken) => change(async () => {
      made.value = (await accessApi.createToken(wanted)).token
    }),
  }
}
