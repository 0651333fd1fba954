using System.Text;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Server;

/// <summary>The key under which an account's traffic is kept, as <see cref="Fingerprinting.Fingerprinter.Identify"/> makes it.</summary>
internal static class AccountHash
{
    public static ulong Of(KeyedHash hash, AccountId account) =>
        hash.Of(hash.Of(Encoding.UTF8.GetBytes(account.Id)), hash.Of(Encoding.UTF8.GetBytes(account.Source)));
}
