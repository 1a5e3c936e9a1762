@echo off
rem Ad Copy without a webui. Usage: adcopy.bat [studio options] ^| test ^| a command of python -m lib_adcopy
setlocal
cd /d "%~dp0"
set PY=
for %%V in (3.11 3.10 3.12) do if not defined PY (
    py -%%V -c "import venv" >nul 2>nul && set PY=py -%%V
)
if not defined PY python -c "import sys, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))" >nul 2>nul && set PY=python
if not defined PY (
    echo Ad Copy needs Python 3.10 to 3.13: https://www.python.org/downloads/
    exit /b 2
)
if "%~1"=="test" goto test
call :environment .venv lib_adcopy\hosts\standalone\requirements.txt || exit /b 1
set FIRST=%~1
if "%FIRST%"=="" goto studio
if "%FIRST:~0,1%"=="-" goto studio
.venv\Scripts\python -m lib_adcopy %*
exit /b %errorlevel%

:studio
.venv\Scripts\python -m lib_adcopy studio --browser %*
exit /b %errorlevel%

:test
call :environment .venv-test-a1111 tests\requirements\a1111.txt || exit /b 1
.venv-test-a1111\Scripts\python -m ruff check . || exit /b 1
.venv-test-a1111\Scripts\python -m mypy || exit /b 1
.venv-test-a1111\Scripts\python -m pytest tests || exit /b 1
call :environment .venv-test-forge tests\requirements\forge.txt || exit /b 1
.venv-test-forge\Scripts\python -m pytest tests\ui tests\hosts tests\golden
exit /b %errorlevel%

rem :environment FOLDER REQUIREMENTS: made once, and again when the requirements have changed.
:environment
fc "%~2" "%~1\.made-for" >nul 2>nul && exit /b 0
echo Ad Copy: preparing %~1 (once; this takes a few minutes)
if not exist "%~1\Scripts\python.exe" %PY% -m venv "%~1" || exit /b 1
"%~1\Scripts\python" -m pip install --quiet --disable-pip-version-check -r "%~2" || exit /b 1
"%~1\Scripts\python" -m pip install --quiet --disable-pip-version-check --no-deps -r lib_adcopy\hosts\standalone\no-deps.txt || exit /b 1
copy /y "%~2" "%~1\.made-for" >nul
exit /b 0
