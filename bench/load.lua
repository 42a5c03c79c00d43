-- Requests for wrk: tokens, paths and what to post come from a JSON-free file of lines.
--   wrk ... -s load.lua URL -- FILE METHOD
-- FILE: lines "t TOKEN" and "p PATH". Each request takes the next of both.
local tokens, paths, method, sent = {}, {}, "GET", 0
local stamp = tostring(os.time())

function init(args)
  for line in io.lines(args[1]) do
    local kind, value = line:sub(1, 1), line:sub(3)
    if kind == "t" then tokens[#tokens + 1] = value else paths[#paths + 1] = value end
  end
  method = args[2]
end

function request()
  sent = sent + 1
  local headers = { ["Accept"] = "application/json" }
  if #tokens > 0 then headers["Authorization"] = "Bearer " .. tokens[sent % #tokens + 1] end
  local path, body = paths[sent % #paths + 1], nil
  if method == "POST" then
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = "status=Post+" .. stamp .. "+number+" .. sent .. "+about+rivers+and+bread+%23localnews"
  end
  return wrk.format(method, path, headers, body)
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.status,
    e.connect + e.read + e.write + e.timeout))
end
