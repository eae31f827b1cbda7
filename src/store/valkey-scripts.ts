// The scripts of Valkey. A script is atomic, and all of its keys belong to one owner. The time is the server's, so that
// all gateways have the same. The arithmetic is that of `hot-counters.ts`.
import { createScript } from './valkey-client.ts'

/**
 * Takes the steps of one `run`. KEYS: counters, values, days, writes, then those that steps name by their number.
 * ARGV: the id of the write, then the steps, each with its kind and its arguments.
 */
export const hotScript = createScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local counters, values, days, writes = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local at = 1
local function text() at = at + 1; return ARGV[at - 1] end
local function number() return tonumber(text()) end
local function keep(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, string.format('%.0f', ms)) end
end
local written, longest = {}, 0
local function list()
  if #written > 0 then redis.call('ZADD', values, unpack(written)) end
  written = {}
end
local id = text()
local isNew = nil
local steps = {}

function steps.take()
  local field, amount, limit, window = 't:' .. text(), number(), number(), number()
  local held, left, since = redis.call('HGET', counters, field), limit, now
  if held then
    local parts = cjson.decode(held)
    left, since = parts[1], parts[2]
  end
  local full = math.min(limit, left + math.max(0, now - since) * limit / window)
  local granted = amount
  if amount >= 0 then granted = math.min(amount, math.floor(full)) end
  left = math.min(limit, full - granted)
  redis.call('HSET', counters, field, string.format('[%.17g,%.0f]', left, now))
  keep(counters, window)
  if left >= 1 then return { granted, 0 } end
  return { granted, math.ceil((1 - left) * window / limit) }
end

function steps.hold()
  local field, holder, amount, limit, ttl = 'h:' .. text(), text(), number(), number(), number()
  local held, taken, rest, isEmpty = redis.call('HGET', counters, field), 0, {}, true
  for name, hold in pairs(held and cjson.decode(held) or {}) do
    if name ~= holder and hold[2] > now then
      taken, rest[name], isEmpty = taken + hold[1], hold, false
    end
  end
  local granted = math.max(0, math.min(amount, limit - taken))
  if granted > 0 then rest[holder], isEmpty = { granted, now + ttl }, false end
  if isEmpty then
    redis.call('HDEL', counters, field)
  else
    redis.call('HSET', counters, field, cjson.encode(rest))
    keep(counters, ttl)
  end
  return { granted }
end

function steps.get()
  return { redis.call('GET', KEYS[number()]) }
end

function steps.set()
  local key, value, ttl, isCareful = KEYS[number()], text(), number(), text() == '1'
  if isCareful then
    local held = redis.call('GET', key)
    -- A write that is sent twice wrote the first time.
    if held then return { held == value and 1 or 0 } end
  end
  redis.call('SET', key, value, 'PX', ttl)
  local size = #written
  written[size + 1], written[size + 2], longest = now + ttl, key, math.max(longest, ttl)
  if size > 1000 then list() end
  return { 1 }
end

function steps.delete()
  local key = KEYS[number()]
  -- The list of values keeps the key until the value would have expired.
  return { redis.call('DEL', key) }
end

function steps.count()
  if isNew == nil then
    isNew = not redis.call('LPOS', writes, id)
    if isNew then
      redis.call('LPUSH', writes, id)
      redis.call('LTRIM', writes, 0, 199)
      redis.call('PEXPIRE', writes, 60000)
    end
  end
  for _ = 1, number() do
    local day, key, ttl = text(), KEYS[number()], number()
    for _ = 1, number() do
      local field, amount = text(), text()
      if isNew then redis.call('HINCRBY', key, field, amount) end
    end
    if isNew then
      redis.call('SADD', days, day)
      keep(key, ttl)
      keep(days, ttl)
    end
  end
  return { 1 }
end

local results = {}
while at <= #ARGV do results[#results + 1] = steps[text()]() end
if longest > 0 then
  redis.call('ZREMRANGEBYSCORE', values, '-inf', now)
  list()
  keep(values, longest)
end
return results`)

/** Deletes everything of an owner but usage. KEYS: counters, values. */
export const forgetScript = createScript(`
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do redis.call('DEL', key) end
redis.call('DEL', KEYS[1], KEYS[2])
return 1`)
