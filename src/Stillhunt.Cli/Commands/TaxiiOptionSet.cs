using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Stillhunt.Cli.Files;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Cli.Commands;

/// <summary>The options that <c>pull</c> and <c>push</c> share: where, and who is asking. Secrets come from files, never from the command line.</summary>
internal sealed class TaxiiOptionSet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Argument<string> _collection = new("COLLECTION") { Description = "The collection's address: https://HOST/API-ROOT/collections/ID/" };
    private readonly Option<string?> _user = new("--user") { Description = "Name for HTTP Basic; goes with --password-file.", HelpName = "NAME" };
    private readonly FileOption<string?> _password = new("--password-file", FileUse.Read) { Description = "A file with the password.", HelpName = "FILE" };
    private readonly FileOption<string?> _token = new("--token-file", FileUse.Read) { Description = "A file with a bearer token.", HelpName = "FILE" };

    private readonly FileOption<string?> _authorities = new("--ca-file", FileUse.Read) { Description = "Trust the authorities in this PEM file, instead of those that the machine trusts: for a server with a certificate of one's own making.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(_collection);
        foreach (var option in new Option[] { _user, _password, _token, _authorities }) command.Add(option);
    }

    /// <exception cref="UsageException">The address or the options make no sense.</exception>
    public T Use<T>(ParseResult parsed, Func<TaxiiClient, Task<T>> work)
    {
        var text = parsed.GetValue(_collection)!;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)) throw new UsageException($"{text} is no address such as https://HOST/API-ROOT/collections/ID/");
        using var handler = ClientTransport.Handler(Authorities(parsed.GetValue(_authorities)));
        using var http = new HttpClient(handler) { Timeout = Patience };
        TaxiiClient client;
        try
        {
            client = new TaxiiClient(http, address, Authorization(parsed));
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(fault.Message);
        }

        try
        {
            return work(client).GetAwaiter().GetResult();
        }
        catch (HttpRequestException fault)
        {
            throw new IOException($"{address.Host}: {ClientTransport.Reason(fault)}", fault);
        }
    }

    private static X509Certificate2Collection? Authorities(string? path)
    {
        if (path is null) return null;
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPemFile(path);
        }
        catch (CryptographicException fault)
        {
            throw new InvalidDataException($"{path} holds no certificates in PEM: {fault.Message}", fault);
        }

        return read.Count > 0 ? read : throw new InvalidDataException($"{path} holds no certificates in PEM.");
    }

    private AuthenticationHeaderValue? Authorization(ParseResult parsed)
    {
        var (user, password, token) = (parsed.GetValue(_user), parsed.GetValue(_password), parsed.GetValue(_token));
        if (user is null != password is null || (token is not null && user is not null)) throw new UsageException("Give --user with --password-file, or --token-file, or neither.");
        if (token is not null) return new AuthenticationHeaderValue("Bearer", Secret(token));
        return user is null ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + Secret(password!))));
    }

    private static string Secret(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : throw new FileNotFoundException($"There is no file {path}.", path);
}
