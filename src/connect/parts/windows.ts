// The script for PowerShell 5.1 and later: the same steps as the one for the shell, in fewer words. Only Node merges
// JSON here; without it, a file that exists is left alone and its snippet shown.
export const windows = String.raw`
function Get-Key {
  if ($env:COPILOT_PROXY_KEY) { return $env:COPILOT_PROXY_KEY }
  $secret = Read-Host -AsSecureString "Password or key of $user at $origin"
  return (New-Object System.Net.NetworkCredential('', $secret)).Password
}

function Save-Text([string]$path, [string]$text) {
  [System.IO.File]::WriteAllText($path, $text, (New-Object System.Text.UTF8Encoding($false)))
}

function Read-Plan([string]$text) {
  $plan = @{ files = @(); proof = @{ path = ''; body = '' } }
  $part = $null
  foreach ($line in ($text -split "\r?\n")) {
    if ($line.StartsWith('| ')) { $part.body += $line.Substring(2) + [char]10 }
    elseif ($line -eq '|') { $part.body += [char]10 }
    elseif ($line -cmatch '^file (json|env|toml|yaml|text) ([A-Za-z0-9._/-]+)$') {
      $part = @{ format = $Matches[1]; path = $Matches[2]; body = '' }
      if ($part.path -match '^/|/$|//|(^|/)\.\.?(/|$)') { throw "$origin gave no plan that is understood." }
      $plan.files += $part
    } elseif ($line -cmatch '^proof (/.*)$') { $part = $plan.proof; $part.path = $Matches[1] }
    elseif ($line -cmatch '^(model|run|note) (.+)$') { $plan[$Matches[1]] = $Matches[2] }
    elseif ($line -ne '') { throw "$origin gave no plan that is understood." }
  }
  return $plan
}

# The beginning of the names of a record: that of a file that was changed before, or the next free number.
function Get-Record([string]$target) {
  if (Test-Path -LiteralPath $store) {
    foreach ($record in (Get-ChildItem -LiteralPath $store -Filter '*.path')) {
      $known = [System.IO.File]::ReadAllText($record.FullName)
      if ($known -eq $target) { return $record.FullName -replace '\.path$', '' }
    }
  }
  $id = 1
  while (Test-Path -LiteralPath (Join-Path $store "$id.path")) { $id++ }
  return Join-Path $store "$id"
}

function Test-Same([string]$one, [string]$other) {
  if (-not (Test-Path -LiteralPath $one) -or -not (Test-Path -LiteralPath $other)) { return $false }
  $bytes = [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($one))
  return $bytes -ceq [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($other))
}

# Null for a file that is not UTF-8: .NET would put other characters in, and not say so.
function Read-Strict([string]$path) {
  try { return [System.IO.File]::ReadAllText($path, (New-Object System.Text.UTF8Encoding($false, $true))) }
  catch { return $null }
}

function Get-Merged($file, [string]$target) {
  $text = $file.body.Replace('@KEY@', $key).Replace('@FOLDER@', $folder.Replace('\', '/'))
  $text = $text.Replace('@CAT@', 'powershell').Replace('@CAT_ARGS@', '"-NoProfile", "-Command", "Get-Content", ')
  $base = $target
  $id = Get-Record $target
  if (Test-Same "$id.written" $target) { $base = "$id.original" }
  if (-not (Test-Path -LiteralPath $base)) { return $text }
  $old = Read-Strict $base
  if ($null -eq $old) { return $null }
  if ($old -ceq $text) { return $text }
  if ($file.format -ne 'json' -or -not (Get-Command node -ErrorAction SilentlyContinue)) { return $null }
  $program = Join-Path $work 'merge.cjs'
  $both = Join-Path $work 'both'
  $merged = Join-Path $work 'merged.json'
  Save-Text $program $mergeJs
  Save-Text $both ($old + [char]30 + $text)
  & cmd /c "node ""$program"" < ""$both"" > ""$merged"""
  if ($LASTEXITCODE -ne 0) { return $null }
  return [System.IO.File]::ReadAllText($merged)
}

function Undo-All {
  if (-not (Test-Path -LiteralPath $store)) { Write-Host "Nothing to undo."; return }
  foreach ($record in (Get-ChildItem -LiteralPath $store -Filter '*.path')) {
    $target = [System.IO.File]::ReadAllText($record.FullName)
    $original = $record.FullName -replace '\.path$', '.original'
    $written = $record.FullName -replace '\.path$', '.written'
    $known = (Test-Same $written $target) -or (Test-Same $original $target)
    if ((Test-Path -LiteralPath $target) -and -not $known) {
      $aside = Join-Path ([System.IO.Path]::GetTempPath()) "connect-$([guid]::NewGuid())"
      Copy-Item -LiteralPath $target -Destination $aside
      Write-Host "$target has changed since; that version is $aside"
    }
    if (Test-Path -LiteralPath $original) {
      New-Item -ItemType Directory -Force -Path (Split-Path $target) | Out-Null
      Copy-Item -LiteralPath $original -Destination $target -Force
    }
    elseif (Test-Path -LiteralPath $target) { Remove-Item -LiteralPath $target }
    Write-Host "  restored  $target"
  }
  $named = Join-Path $store 'key'
  if (Test-Path -LiteralPath $named) {
    Write-Host "Its key works until you revoke it on the setup page: $([System.IO.File]::ReadAllText($named))."
  }
  $made = Join-Path $store 'folders'
  $folders = @()
  if (Test-Path -LiteralPath $made) { $folders = @(Get-Content -LiteralPath $made) }
  Remove-Item -LiteralPath $store -Recurse
  [array]::Reverse($folders)
  $above = Split-Path $store
  foreach ($each in ($folders + @($above, (Split-Path $above)))) {
    if ((Test-Path -LiteralPath $each) -and -not (Get-ChildItem -LiteralPath $each -Force)) {
      Remove-Item -LiteralPath $each
    }
  }
}

# For the texts before there is a key.
$sample = 'copilot-proxy-new-key'

# A key that the files have, if it is one of this user at this gateway.
function Find-Key($plan, $known) {
  foreach ($file in $plan.files) {
    $target = Join-Path $folder $file.path.Replace('/', '\')
    if (-not $file.body.Contains('@KEY@') -or -not (Test-Path -LiteralPath $target)) { continue }
    $found = [regex]::Match([string](Read-Strict $target), 'acpk-([a-z0-9]{8})-[a-z0-9]{32}')
    $own = $known | Where-Object {
      $_.id -ceq $found.Groups[1].Value -and (-not $_.expires_at -or [datetime]$_.expires_at -gt (Get-Date))
    }
    if ($found.Success -and $own) { return $found.Value }
  }
  return $sample
}

function Get-Changes($plan) {
  foreach ($file in $plan.files) {
    $target = Join-Path $folder $file.path.Replace('/', '\')
    @{ path = $file.path; target = $target; body = $file.body; text = (Get-Merged $file $target) }
  }
}

function New-Folder([string]$path) {
  if (Test-Path -LiteralPath $path) { return }
  New-Folder (Split-Path $path)
  New-Item -ItemType Directory -Path $path | Out-Null
  $script:madeFolders += $path
}

function Save-Change($change) {
  $script:madeFolders = @()
  New-Folder $store
  New-Folder (Split-Path $change.target)
  if ($script:madeFolders.Count) { Add-Content -LiteralPath (Join-Path $store 'folders') -Value $script:madeFolders }
  $id = Get-Record $change.target
  if (-not (Test-Path -LiteralPath "$id.path")) {
    if (Test-Path -LiteralPath $change.target) { Copy-Item -LiteralPath $change.target -Destination "$id.original" }
    Save-Text "$id.path" $change.target
  }
  Save-Text "$id.written" $change.text
  Save-Text $change.target $change.text
}

function Connect-Client {
  if (Get-Command $command -ErrorAction SilentlyContinue) { Write-Host "$name is installed." }
  else { Write-Host "$name was not found in PATH ($install). Its settings can be prepared all the same." }
  $headers = @{ authorization = "Bearer $key"; 'x-goog-api-key' = $key }
  $query = if ($model) { '?model=' + [uri]::EscapeDataString($model) } else { '' }
  $common = @{ UseBasicParsing = $true; MaximumRedirection = 0; Headers = $headers }
  $answer = Invoke-WebRequest @common -Uri "$origin/$user/v1/connect/$client$query"
  $plan = Read-Plan $answer.Content
  # A password opens more than the models, so no file gets it: the client gets a key of its own.
  $known = @()
  $label = "$tool on $("$env:COMPUTERNAME" -replace '[^A-Za-z0-9._-]', '')"
  if ($key -cmatch '^acpc-' -and ($plan.files | Where-Object { $_.body.Contains('@KEY@') })) {
    $known = @((Invoke-RestMethod @common -Uri "$origin/$user/v1/keys").data)
    $key = Find-Key $plan $known
  }
  $changes = @(Get-Changes $plan)
  if ($changes | Where-Object { $null -eq $_.text }) {
    Write-Host 'Nothing was changed: a file cannot be merged safely. Put this in by yourself:'
    $changes | ForEach-Object { Write-Host "--- $($_.target)"; Write-Host $_.body.Replace('@KEY@', '<your key>') }
    if ($PSCommandPath) { exit 3 }
    return
  }
  Write-Host "Model: $($plan.model). Files:"
  $changes | ForEach-Object { Write-Host "  $($_.target)" }
  if ($dryRun) { return }
  if (-not $yes -and (Read-Host 'Go on? [Y/n]') -match '^[Nn]') { return }
  $pauses = @(0)
  if ($key -ceq $sample) {
    $wish = ConvertTo-Json @{ name = $label }
    $uri = "$origin/$user/v1/keys"
    $key = (Invoke-RestMethod @common -Method Post -ContentType 'application/json' -Uri $uri -Body $wish).key
    if ($key -cnotmatch '^acpk-[a-z0-9]{8}-[a-z0-9]{32}$') { throw "$origin made no key that is understood." }
    $changes = @(Get-Changes $plan)
    New-Item -ItemType Directory -Force -Path $store | Out-Null
    Save-Text (Join-Path $store 'key') $label
    Write-Host "It has a key of its own now: $label."
    $pauses = @(10, 20, 30, 0) # On some stores it takes a while until the gateway knows a new key everywhere.
  }
  $changes | ForEach-Object { Save-Change $_ }
  if ($pauses.Count -gt 1) {
    foreach ($earlier in @($known | Where-Object { $_.name -ceq $label })) {
      Invoke-RestMethod @common -Method Delete -Uri "$origin/$user/v1/keys/$($earlier.id)" | Out-Null
    }
  }
  $common.Headers = @{ authorization = "Bearer $key"; 'x-goog-api-key' = $key }
  $body = [System.Text.Encoding]::UTF8.GetBytes($plan.proof.body)
  $uri = "$origin$($plan.proof.path)"
  foreach ($pause in $pauses) {
    try {
      Invoke-WebRequest @common -Method Post -ContentType 'application/json' -Uri $uri -Body $body | Out-Null
      break
    } catch {
      if ($pause -eq 0 -or [int]$_.Exception.Response.StatusCode -ne 401) { throw }
      Start-Sleep -Seconds $pause
    }
  }
  Write-Host "Proved: $($plan.model) answered. Start it with: $(Get-Run $plan.run)"
  if ($plan.note) { Write-Host "Note: $($plan.note)" }
  Write-Host "Run the same with -undo to take everything back. The originals are in $store."
}

# A file that sh loads has lines for sh: PowerShell sets their variables one by one.
function Get-Run ($run) {
  $run = $run.Replace('@FOLDER@', $folder)
  if (-not ($run -cmatch '^\. (.+[.]env) && (\S+)$')) { return $run }
  return ('Get-Content -LiteralPath ''{0}'' | ForEach-Object {{ if ($_ -match ''^export (\w+)=(.*)$'') {{ ' +
    'Set-Item "Env:$($Matches[1])" $Matches[2] }} }}; {1}') -f $Matches[1].Replace("'", "''"), $Matches[2]
}

$work = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid().ToString())
New-Item -ItemType Directory -Path $work | Out-Null
try {
  if ($undo) { Undo-All } else {
    if (-not $user) { $user = $env:COPILOT_PROXY_USER }
    if (-not $user) { $user = Read-Host "User name at $origin" }
    if ($user -cnotmatch '^[a-z0-9-]+$') { throw "$user is no user name." }
    $key = Get-Key
    Connect-Client
  }
} finally { Remove-Item -LiteralPath $work -Recurse -Force }
`
