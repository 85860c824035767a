import type { DeviceView, NewToken, TokenView } from '#shared/protocol/access.ts'
import { onMounted, ref, shallowRef } from 'vue'
import { accessApi, AccessError } from '../state/access-api.ts'
import { useProblem } from './useProblem.ts'

/**
 * The person's devices and tokens. They are not synced: they are
 * fetched when the settings open, and changed at the edge directly.
 */
export function useAccess() {
  const devices = shallowRef<DeviceView[]>([])
  const tokens = shallowRef<TokenView[]>([])
  const thisDevice = ref('')
  const { problem, attempt } = useProblem(AccessError)
  /** The new token, shown only right after its creation. */
  const created = ref<string | null>(null)

  async function load() {
    const [deviceList, tokenList] = await Promise.all([accessApi.devices(), accessApi.tokens()])
    devices.value = deviceList.devices
    thisDevice.value = deviceList.thisDevice
    tokens.value = tokenList.tokens
  }

  /** Makes a change at the edge and reloads the lists. */
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
    created,
    reload: () => attempt(load),
    revokeDevice: (id: string) => change(() => accessApi.revokeDevice(id)),
    revokeToken: (id: string) => change(() => accessApi.revokeToken(id)),
    createToken: (wanted: NewToken) => change(async () => {
      created.value = (await accessApi.createToken(wanted)).token
    }),
  }
}
